// With the real program.
#include "synth/espeak.h"

#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <set>
#include <thread>
#include <vector>

#include "audio/codec.h"
#include "tests/support/leaks.h"
#include "tests/synth/espeak_run.h"

namespace bhashatts::synth {
namespace {

using testing::speak;

std::string audio_of(const SynthesisRequest& request) {
  return std::string(make_espeak({})->synthesize(request).audio.chars());
}

audio::Pcm speech_of(const SynthesisRequest& request) {
  return audio::decode(make_espeak({})->synthesize(request).audio.span());
}

struct Sentence {
  std::string_view language;
  std::string_view text;
};

constexpr Sentence kSentences[] = {
    {"HINDI", "एक छोटी चिड़िया पेड़ पर रहती थी।"}, {"TAMIL", "ஒரு சிறிய பறவை மரத்தில் வாழ்ந்தது."},
    {"GUJARATI", "એક નાનું પક્ષી ઝાડ પર રહેતું હતું."}, {"PUNJABI", "ਇੱਕ ਛੋਟੀ ਚਿੜੀ ਰੁੱਖ ਉੱਤੇ ਰਹਿੰਦੀ ਸੀ।"},
    {"TELUGU", "ఒక చిన్న పిట్ట చెట్టు మీద ఉండేది."},     {"MALAYALAM", "ഒരു ചെറിയ പക്ഷി മരത്തിൽ താമസിച്ചിരുന്നു."},
};

TEST(Espeak, SpeaksEachLanguage) {
  const testing::LeavesNothingBehind guard;
  for (const auto& [language, text] : kSentences) {
    const audio::Pcm pcm = speech_of(speak(text, language));
    EXPECT_EQ(pcm.sample_rate, 22'050U);
    EXPECT_GT(pcm.duration_ms(), 1'500) << language;
    EXPECT_LT(pcm.duration_ms(), 8'000) << language;
  }
}

TEST(Espeak, UsesAVoiceOfItsOwnForEachLanguage) {
  std::set<std::string> seen;
  for (const auto& [language, text] : kSentences) seen.insert(audio_of(speak("123", language)));
  EXPECT_EQ(seen.size(), std::size(kSentences));
}

TEST(Espeak, SaysTheSameTextTheSameWay) {
  EXPECT_EQ(audio_of(speak("नमस्ते बच्चों")), audio_of(speak("नमस्ते बच्चों")));
}

TEST(Espeak, SpeaksStylesAtDifferentPaces) {
  const auto duration = [](std::string_view style) {
    SynthesisRequest request = speak(kSentences[0].text);
    request.voice_style = style;
    return speech_of(request).duration_ms();
  };
  EXPECT_GT(duration("calm"), duration("storyteller"));
  EXPECT_GT(duration("storyteller"), duration("enthusiastic"));
}

TEST(Espeak, MakesAnotherTakeDifferently) {
  SynthesisRequest request = speak("नमस्ते बच्चों");
  std::set<std::string> seen;
  for (request.take = 0; request.take < 20; ++request.take) seen.insert(audio_of(request));
  EXPECT_EQ(seen.size(), 20U);
}

TEST(Espeak, ReadsPhonemeMarkupInsteadOfObeyingIt) {
  EXPECT_EQ(audio_of(speak("[[h@'loU]]")), audio_of(speak("((h@'loU))")));
  EXPECT_EQ(audio_of(speak("[\xC2\xAD[h@'loU]]")), audio_of(speak("(\xC2\xAD(h@'loU))")));
  // Obeyed, it is one short word; read, it is spelled out.
  EXPECT_GT(speech_of(speak("[[h@'loU]]")).duration_ms(),
            speech_of(speak("हलो")).duration_ms() + 500);
}

TEST(Espeak, ReadsMarkupAndOptionsInsteadOfObeyingThem) {
  const auto slow = speech_of(speak("<speak><prosody rate='x-slow'>एक</prosody></speak>"));
  EXPECT_GT(slow.duration_ms(), 2'000);  // the names of its tags are spoken
  EXPECT_NE(audio_of(speak("-v en")), audio_of(speak("--version")));
  EXPECT_GT(speech_of(speak("--version")).duration_ms(), 300);
  EXPECT_EQ(audio_of(speak("\x01"
                           "450S एक दो तीन")),
            audio_of(speak("450S एक दो तीन")));
}

TEST(Espeak, SpeaksVeryLongTexts) {
  std::string word;
  std::string words;
  for (int i = 0; i < 2'500; ++i) word += "का";
  for (int i = 0; i < 900; ++i) words += "बच्चे ";
  EXPECT_GT(speech_of(speak(word)).duration_ms(), 60'000);
  EXPECT_GT(speech_of(speak(words)).duration_ms(), 60'000);
}

TEST(Espeak, SpeaksFromManyThreads) {
  const testing::LeavesNothingBehind guard;
  const auto espeak = make_espeak({});
  const std::string expected = audio_of(speak("नमस्ते"));
  std::vector<std::jthread> threads;
  for (int i = 0; i < 6; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 3; ++round) {
        EXPECT_EQ(espeak->synthesize(speak("नमस्ते")).audio.chars(), expected);
      }
    });
  }
}

TEST(Espeak, LeavesNothingInTheHome) {
  char pattern[] = "/tmp/bhashatts-home-XXXXXX";
  const std::filesystem::path home = ::mkdtemp(pattern);
  const std::string before = std::getenv("HOME") != nullptr ? std::getenv("HOME") : "/";
  ::setenv("HOME", home.c_str(), 1);
  audio_of(speak("नमस्ते"));
  ::setenv("HOME", before.c_str(), 1);
  EXPECT_TRUE(std::filesystem::is_empty(home));
  std::filesystem::remove_all(home);
}

TEST(Espeak, SaysWhatItIs) {
  const auto espeak = make_espeak({});
  EXPECT_EQ(espeak->identity(), "espeak-ng@1");
  EXPECT_EQ(espeak->limits().max_aksharas, 0);
  EXPECT_GE(espeak->limits().concurrency, 1);
  EXPECT_EQ(espeak->limits().max_cost_micro_usd, 0);
  EXPECT_EQ(make_espeak({.concurrency = 3})->limits().concurrency, 3);
  EXPECT_EQ(espeak->status().state, SynthesizerState::ready);
  EXPECT_EQ(espeak->status().message, "");
}

TEST(Espeak, CostsNothing) {
  const SynthesisResult result = make_espeak({})->synthesize(speak("नमस्ते"));
  EXPECT_EQ(result.cost_micro_usd, 0);
  EXPECT_GT(result.audio.size(), 10'000U);
}

}  // namespace
}  // namespace bhashatts::synth
