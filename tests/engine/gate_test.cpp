#include "engine/gate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

#include "base/hash.h"
#include "bhashatts/error.h"
#include "tests/support/damaged_speech.h"
#include "tests/support/fake_synthesizer.h"
#include "tests/support/temp_dir.h"

namespace bhashatts::engine {
namespace {

using testing::Damage;
using ::testing::HasSubstr;

constexpr std::string_view kText = "एक था राजा। उसकी एक बेटी थी, और एक तोता।";

class GateTest : public ::testing::Test {
 protected:
  GateTest() {
    plan.language = find_language("HINDI");
    plan.voice_style = find_voice_style("calm");
  }

  std::optional<catalog::PaceSample> pass(std::string_view text, std::string_view audio,
                                          const std::string& voice = "fake") {
    const Utterance utterance{.text = text, .base = {}, .key = {}};
    Gate::Doubted none;
    return gate.pass(voice, plan, utterance, std::as_bytes(std::span(audio)), none).pace;
  }
  std::string refusal(std::string_view text, std::string_view audio,
                      const std::string& voice = "fake") {
    try {
      pass(text, audio, voice);
      return {};
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::bad_audio);
      EXPECT_TRUE(error.retryable());
      return error.what();
    }
  }
  void keep(int number, const catalog::PaceSample& pace) {
    catalog::Made made{.utterance = {}, .speech = {}, .settled = {}, .reservation = 0};
    AudioMetadata& metadata = made.utterance.metadata;
    metadata.key = made.utterance.base = KeyHasher().field(std::int64_t{number}).finish();
    metadata.synthesizer = "fake";
    metadata.language = plan.language->name;
    metadata.voice_style = plan.voice_style->name;
    made.pace = pace;
    catalog->commit(made);
  }
  void teach(int takes) {
    for (int i = 0; i < takes; ++i) {
      const std::string text = std::string(kText) + " पन्ना " + std::to_string(i);
      keep(i, *pass(text, testing::fake_wav(text)));
    }
  }
  static std::string wav(const audio::Pcm& pcm) {
    return std::string(audio::encode(pcm, AudioFormat::wav).chars());
  }
  static std::string hurt(std::string_view text, Damage damage) {
    const std::string whole = testing::fake_wav(text);
    return wav(testing::damaged(audio::decode(std::as_bytes(std::span(whole))), {}, damage));
  }

  testing::TempDir dir;
  std::unique_ptr<catalog::Catalog> catalog =
      catalog::Catalog::open({.directory = dir / "catalog", .map_bytes = 16 << 20});
  Gate gate{*catalog};
  Plan plan;
};

TEST_F(GateTest, LetsSpeechPassAndTellsItsPace) {
  const auto pace = pass(kText, testing::fake_wav(kText));
  ASSERT_TRUE(pace);
  EXPECT_GT(pace->duration_ms, 1'000);
  EXPECT_GT(pace->parts[0], 1'000);  // hundredths of aksharas
  for (const std::string_view word : {"हाँ।", "माँ", "no", "7", "…", "😀"}) {
    EXPECT_TRUE(pass(word, testing::fake_wav(word))) << word;
  }
}

TEST_F(GateTest, SaysWhatIsWrong) {
  EXPECT_NE(refusal(kText, "<html>"), "");
  EXPECT_NE(refusal(kText, ""), "");
  EXPECT_NE(refusal(kText, std::string(testing::fake_wav(kText)).substr(0, 9'000)), "");
  EXPECT_THAT(refusal(kText, hurt(kText, Damage::silence)), HasSubstr("is silent"));
  EXPECT_THAT(refusal(kText, hurt(kText, Damage::noise)), HasSubstr("is noise"));
  EXPECT_THAT(refusal(kText, testing::fake_wav("हाँ")), HasSubstr("lasts 0."));
}

TEST_F(GateTest, DoesNotKnowAVoiceByOneTake) {
  EXPECT_EQ(refusal(kText, hurt(kText, Damage::doubled)), "");
  teach(static_cast<int>(VoicePace::kFewestTakes) - 1);
  EXPECT_EQ(refusal(kText, hurt(kText, Damage::doubled)), "");
}

TEST_F(GateTest, HoldsAVoiceToItsPaceOnceItIsKnown) {
  teach(static_cast<int>(VoicePace::kFewestTakes));
  EXPECT_EQ(refusal(kText, testing::fake_wav(kText)), "");
  EXPECT_THAT(refusal(kText, hurt(kText, Damage::doubled)), HasSubstr("in this voice"));
  EXPECT_NE(refusal(kText, hurt(kText, Damage::last_third_cut)), "");
  EXPECT_EQ(refusal(kText, hurt(kText, Damage::doubled), "another voice"), "");
}

TEST_F(GateTest, OnlyWhatWasKeptTeaches) {
  for (int i = 0; i < 40; ++i) pass(kText, testing::fake_wav(kText));
  EXPECT_EQ(refusal(kText, hurt(kText, Damage::doubled)), "");
}

TEST_F(GateTest, LearnsWhatAnotherProcessKept) {
  Gate other(*catalog);
  teach(static_cast<int>(VoicePace::kFewestTakes));
  const std::string doubled = hurt(kText, Damage::doubled);
  const Utterance utterance{.text = kText, .base = {}, .key = {}};
  Gate::Doubted none;
  EXPECT_THROW(other.pass("fake", plan, utterance, std::as_bytes(std::span(doubled)), none), Error);
}

TEST_F(GateTest, AShortTextThatIsSaidAlikeTwiceIsTheVoicesManner) {
  teach(static_cast<int>(VoicePace::kFewestTakes));
  constexpr std::string_view kShort = "मोर नाचा खूब और सारे बच्चे हँसने लगे।";
  std::string longer = "मोर नाचा खूब और सारे बच्चे हँसने लगे";  // word by word, until it is doubted
  while (refusal(kShort, testing::fake_wav(longer)).empty()) longer += " वह";
  const std::string drawn_out = testing::fake_wav(longer);
  const Utterance utterance{.text = kShort, .base = {}, .key = {}};
  Gate::Doubted doubted;
  const auto pass_again = [&] {
    gate.pass("fake", plan, utterance, std::as_bytes(std::span(drawn_out)), doubted);
  };
  EXPECT_THROW(pass_again(), Error);
  EXPECT_NO_THROW(pass_again());
}

TEST_F(GateTest, WhatNobodySaysIsNoManner) {
  teach(static_cast<int>(VoicePace::kFewestTakes));
  const std::string doubled = hurt(kText, Damage::doubled);
  const Utterance utterance{.text = kText, .base = {}, .key = {}};
  Gate::Doubted doubted;
  for (int i = 0; i < 3; ++i) {
    EXPECT_THROW(gate.pass("fake", plan, utterance, std::as_bytes(std::span(doubled)), doubted),
                 Error);
  }
}

}  // namespace
}  // namespace bhashatts::engine
