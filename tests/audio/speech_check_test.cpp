#include "audio/speech_check.h"

#include <gtest/gtest.h>

#include <algorithm>

#include "tests/audio/speech_sounds.h"
#include "tests/support/damaged_speech.h"

namespace bhashatts::audio {
namespace {

using testing::babble;
using testing::say;

std::string fault_of(const Pcm& pcm) {
  return fault_of_speech(pcm, loudness(pcm)).value_or("none");
}

Pcm held_vowel(double seconds) {
  Pcm pcm{.sample_rate = 22'050, .samples = {}};
  say(pcm, seconds, 240);
  return pcm;
}

TEST(SpeechCheck, PassesSpeechAtAnyRateAndLevel) {
  for (const std::uint32_t rate : {8'000U, 16'000U, 22'050U, 44'100U}) {
    EXPECT_EQ(fault_of(babble(rate)), "none") << rate;
  }
  Pcm soft = babble();
  for (auto& sample : soft.samples) sample = static_cast<std::int16_t>(sample / 40);
  EXPECT_EQ(fault_of(soft), "none");
  EXPECT_EQ(fault_of(held_vowel(0.4)), "none");
}

TEST(SpeechCheck, PassesSpeechWithBreathNoiseAndHardPeaks) {
  Pcm pcm = babble(44'100);
  std::minstd_rand random(1);
  for (auto& sample : pcm.samples) {
    const int noisy = sample * 5 + static_cast<int>(random() % 400) - 200;  // -40 dB, and clipped
    sample = static_cast<std::int16_t>(std::clamp(noisy, -32'768, 32'767));
  }
  const auto clipped = std::ranges::count(pcm.samples, 32'767);
  EXPECT_GT(clipped, 0);
  EXPECT_FALSE(is_noise(loudness(pcm)));
  EXPECT_FALSE(ends_loudly(pcm, loudness(pcm)));
}

TEST(SpeechCheck, RefusesSilenceAndWhatIsNearlyThat) {
  EXPECT_EQ(fault_of(testing::damaged(babble(), {}, testing::Damage::silence)), "is silent");
  Pcm faint = babble();
  for (auto& sample : faint.samples) sample = static_cast<std::int16_t>(sample / 200);
  EXPECT_EQ(fault_of(faint), "is silent");
  Pcm click{.sample_rate = 22'050, .samples = std::vector<std::int16_t>(22'050)};
  click.samples[9'000] = 30'000;
  EXPECT_EQ(fault_of(click), "is silent");
}

TEST(SpeechCheck, RefusesNoiseAndHum) {
  EXPECT_TRUE(fault_of(testing::noise_like(babble())).starts_with("is noise"));
  Pcm hum{.sample_rate = 16'000, .samples = {}};
  for (int i = 0; i < 48'000; ++i) {
    hum.samples.push_back(static_cast<std::int16_t>(6'000 * std::sin(0.08 * i)));
  }
  EXPECT_TRUE(fault_of(hum).starts_with("is noise"));
}

TEST(SpeechCheck, RefusesWhatIsClippedToASquareWave) {
  Pcm pcm = babble();
  for (auto& sample : pcm.samples) {
    sample = static_cast<std::int16_t>(sample > 500 ? 32'767 : sample < -500 ? -32'768 : sample);
  }
  EXPECT_EQ(fault_of(pcm), "is clipped to noise");
}

TEST(SpeechCheck, RefusesAnEndInTheMiddleOfASound) {
  Pcm pcm = babble();
  pcm.samples.resize(pcm.samples.size() - 22'050 / 8);  // back into the last syllable
  EXPECT_TRUE(fault_of(pcm).starts_with("was cut off"));
  Pcm dying = babble();
  dying.samples.resize(dying.samples.size() - 22'050 / 20);  // no silence behind it
  EXPECT_EQ(fault_of(dying), "none");
}

TEST(SpeechCheck, RefusesAMoment) {
  Pcm pcm = held_vowel(0.03);
  EXPECT_EQ(fault_of(pcm), "lasts 30 ms only");
}

}  // namespace
}  // namespace bhashatts::audio
