#include "synth/espeak_speech.h"

#include <gtest/gtest.h>

#include <set>

#include "bhashatts/error.h"

namespace bhashatts::synth {
namespace {

using namespace std::string_literals;

SynthesisRequest request_for(std::string_view language, std::string_view style,
                             std::int32_t take = 0) {
  SynthesisRequest request;
  request.language = language;
  request.voice_style = style;
  request.take = take;
  return request;
}

TEST(EspeakSpeech, HasAVoiceForEachLanguage) {
  EXPECT_EQ(espeak_voice("HINDI"), "hi");
  EXPECT_EQ(espeak_voice("TAMIL"), "ta");
  EXPECT_EQ(espeak_voice("GUJARATI"), "gu");
  EXPECT_EQ(espeak_voice("PUNJABI"), "pa");
  EXPECT_EQ(espeak_voice("TELUGU"), "te");
  EXPECT_EQ(espeak_voice("MALAYALAM"), "ml");
  EXPECT_EQ(espeak_voice("hindi"), std::nullopt);
}

TEST(EspeakSpeech, SetsStylesApart) {
  std::set<std::vector<std::string>> seen;
  for (const auto* style : {"storyteller", "calm", "enthusiastic"}) {
    seen.insert(espeak_arguments(request_for("TAMIL", style)));
  }
  EXPECT_EQ(seen.size(), 3U);
}

TEST(EspeakSpeech, MakesEveryTakeDifferent) {
  std::set<std::vector<std::string>> seen;
  for (std::int32_t take = 0; take < 187; ++take) {
    seen.insert(espeak_arguments(request_for("HINDI", "calm", take)));
  }
  EXPECT_EQ(seen.size(), 187U);
  EXPECT_NE(espeak_arguments(request_for("HINDI", "calm", 187)),
            espeak_arguments(request_for("HINDI", "calm", 186)));
  EXPECT_NO_THROW(espeak_arguments(request_for("HINDI", "calm", 2'147'483'647)));
}

TEST(EspeakSpeech, RefusesWhatItDoesNotKnow) {
  const auto code = [](std::string_view language, std::string_view style) {
    try {
      espeak_arguments(request_for(language, style));
      return ErrorCode::ok;
    } catch (const Error& error) {
      return error.code();
    }
  };
  EXPECT_EQ(code("KLINGON", "calm"), ErrorCode::language_unknown);
  EXPECT_EQ(code("HINDI", "shouting"), ErrorCode::voice_style_unknown);
  EXPECT_EQ(code("HINDI", "-w /etc/passwd"), ErrorCode::voice_style_unknown);
}

TEST(EspeakSpeech, LeavesNothingThatBeginsPhonemesOrCommands) {
  EXPECT_EQ(espeak_text("[[h@'loU]]"), "((h@'loU))\n");
  EXPECT_EQ(espeak_text("[\xC2\xAD[x"), "(\xC2\xAD(x\n");
  EXPECT_EQ(espeak_text("\x01"
                        "100S \x1B[x\x7F"s),
            "100S (x\n");
}

TEST(EspeakSpeech, LeavesTextsAlone) {
  const std::string text = "एक समय की बात है।\nदूसरी पंक्ति\t<b> &amp; -v en";
  EXPECT_EQ(espeak_text(text), text + '\n');
}

}  // namespace
}  // namespace bhashatts::synth
