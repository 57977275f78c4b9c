#include "engine/identity.h"

#include <gtest/gtest.h>

#include <set>

namespace bhashatts::engine {
namespace {

const Identity kIdentity{.synthesizer = "fake@1",
                         .description = "A warm voice.",
                         .language = "HINDI",
                         .voice_style = "calm",
                         .text = "नमस्ते \"बच्चों\"\n| 👋",
                         .take = 3};

Key base(std::string_view text = "a", std::string_view secret = "") {
  return base_key("fake@1", "A warm voice.", "HINDI", text, secret);
}

TEST(Identity, SurvivesItsComment) { EXPECT_EQ(from_comment(to_comment(kIdentity)), kIdentity); }

TEST(Identity, ACommentOfOthersIsNone) {
  EXPECT_EQ(from_comment(""), std::nullopt);
  EXPECT_EQ(from_comment("Recorded with love"), std::nullopt);
  EXPECT_EQ(from_comment("[]"), std::nullopt);
  EXPECT_EQ(from_comment("null"), std::nullopt);
  EXPECT_EQ(from_comment(R"({"bhashatts":2})"), std::nullopt);
  EXPECT_EQ(from_comment(R"({"bhashatts":1,"synthesizer":"x"})"), std::nullopt);
}

TEST(Identity, ACommentCutOffOrOfWrongTypesIsNone) {
  const std::string whole = to_comment(kIdentity);
  for (std::size_t size = 0; size < whole.size(); size += 7) {
    EXPECT_EQ(from_comment(whole.substr(0, size)), std::nullopt);
  }
  EXPECT_EQ(from_comment(R"({"bhashatts":1,"synthesizer":1,"description":"","language":"",)"
                         R"("voice_style":"","text":"","take":0})"),
            std::nullopt);
  EXPECT_EQ(from_comment(R"({"bhashatts":1,"synthesizer":"","description":"","language":"",)"
                         R"("voice_style":"","text":"","take":"0"})"),
            std::nullopt);
}

TEST(Keys, EverythingThatSoundsCounts) {
  std::set<Key> keys{base(), base("b"), base("a", "pepper"), base("a", "salt")};
  keys.insert(base_key("fake@2", "A warm voice.", "HINDI", "a", ""));
  keys.insert(base_key("fake@1", "A cold voice.", "HINDI", "a", ""));
  keys.insert(base_key("fake@1", "A warm voice.", "TAMIL", "a", ""));
  EXPECT_EQ(keys.size(), 7U);
}

TEST(Keys, TakesFormatsPausesAndOrderMakeOthers) {
  const Key a = utterance_key(base(), 0, "");
  const Key b = utterance_key(base("b"), 0, "");
  const Key ab[] = {a, b};
  const Key ba[] = {b, a};
  const std::int64_t short_pause[] = {160, 0};
  const std::int64_t long_pause[] = {320, 0};
  const std::set<Key> keys{a,
                           b,
                           utterance_key(base(), 1, ""),
                           speech_key(ab, short_pause, AudioFormat::wav, ""),
                           speech_key(ba, short_pause, AudioFormat::wav, ""),
                           speech_key(ab, long_pause, AudioFormat::wav, ""),
                           speech_key(a, AudioFormat::wav, ""),
                           speech_key(a, AudioFormat::flac, "")};
  EXPECT_EQ(keys.size(), 8U);
}

// Frozen: a change here buys every library again. Computed apart, with Python's hashlib and hmac.
TEST(Keys, AreTheSameInEveryVersion) {
  const Key utterance = utterance_key(base("नमस्ते"), 0, "");
  EXPECT_EQ(utterance.hex(), "87c5d8d67afaac2c1af21646522d4c65");
  EXPECT_EQ(speech_key(utterance, AudioFormat::wav, "").hex(), "13847c1e660f18b1dadac31f8bbc9496");
  const Key twice[] = {utterance, utterance};
  const std::int64_t pauses[] = {320, 0};
  EXPECT_EQ(speech_key(twice, pauses, AudioFormat::opus, "").hex(),
            "f22ebe8bfe0bfd55ea2d0e01552cac0f");
  EXPECT_EQ(utterance_key(base("नमस्ते", "pepper"), 0, "pepper").hex(),
            "26c4f7af5513ee174f94510cead22e3a");
}

}  // namespace
}  // namespace bhashatts::engine
