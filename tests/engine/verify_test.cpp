// verify finds what is wrong, and with repair mends what has a second copy.
#include <fstream>

#include "tests/engine/engine_fixture.h"

namespace bhashatts::testing {
namespace {

class VerifyTest : public EngineTest {
 protected:
  // The one object of that extension in the file store.
  std::filesystem::path object(const std::string& extension) const {
    for (const auto& file : std::filesystem::recursive_directory_iterator(data("blobs"))) {
      if (file.path().extension() == extension) return file.path();
    }
    return {};
  }
  static void flip_a_byte(const std::filesystem::path& path) {
    std::filesystem::permissions(path, std::filesystem::perms::owner_all);
    std::fstream file(path, std::ios::in | std::ios::out | std::ios::binary);
    file.seekg(1'000);
    const char byte = static_cast<char>(~file.get());
    file.seekp(1'000);
    file.put(byte);
  }
  static bool names(const VerifyReport& report, const std::string& what, bool repaired) {
    return std::any_of(report.problems.begin(), report.problems.end(), [&](const auto& problem) {
      return problem.object.find(what) != std::string::npos && problem.repaired == repaired;
    });
  }
  SpeechRequest page{.text = kText, .story_id = "moon", .page_number = 1};
};

TEST_F(VerifyTest, AWholeDirectoryHasNoProblems) {
  TtsEngine engine = open();
  engine.synthesize(page);
  engine.synthesize({.text = kOther});
  const VerifyReport report = engine.verify(false);
  EXPECT_TRUE(report.problems.empty());
  EXPECT_GE(report.objects_checked, 5);
  EXPECT_TRUE(engine.verify(true).problems.empty());
}

TEST_F(VerifyTest, ADamagedMasterIsFoundAndLeftAlone) {
  open().synthesize(page);
  flip_a_byte(object(".flac"));
  TtsEngine engine = open();
  EXPECT_TRUE(names(engine.verify(false), ".flac", false));
  EXPECT_TRUE(names(engine.verify(false), ".flac", false));
}

TEST_F(VerifyTest, ADamagedMasterIsHealedFromItsPage) {
  open().synthesize(page);
  flip_a_byte(object(".flac"));
  TtsEngine engine = open();
  EXPECT_TRUE(names(engine.verify(true), ".flac", true));
  EXPECT_TRUE(engine.verify(false).problems.empty());
  lose("cache");
  std::filesystem::remove(object(".wav"));
  EXPECT_EQ(open().synthesize(page).origin(), Origin::blob);
  EXPECT_EQ(voice->calls(), 1);
}

TEST_F(VerifyTest, ADamagedPageIsHealedFromItsMaster) {
  const std::string made = bytes_of(open().synthesize(page));
  flip_a_byte(object(".wav"));
  TtsEngine engine = open();
  EXPECT_TRUE(names(engine.verify(true), ".wav", true));
  EXPECT_TRUE(engine.verify(false).problems.empty());
  EXPECT_EQ(bytes_of(engine.synthesize(page)), made);
  EXPECT_EQ(voice->calls(), 1);
}

TEST_F(VerifyTest, WhatHasNoSecondCopyIsReportedAndMadeAnew) {
  open().synthesize({.text = kText});
  flip_a_byte(object(".flac"));
  lose("cache");
  TtsEngine engine = open();
  EXPECT_TRUE(names(engine.verify(true), ".flac", false));
  EXPECT_TRUE(engine.verify(false).problems.empty());
  EXPECT_EQ(engine.synthesize({.text = kText}).origin(), Origin::synthesized);
}

TEST_F(VerifyTest, ADamagedCacheFileIsRemovedAndNeverServed) {
  const std::string made = bytes_of(open().synthesize({.text = kText}));
  std::filesystem::path cached;
  for (const auto& file : std::filesystem::recursive_directory_iterator(data("cache"))) {
    if (file.path().extension() == ".wav") cached = file.path();
  }
  ASSERT_FALSE(cached.empty());
  flip_a_byte(cached);
  TtsEngine engine = open();
  EXPECT_TRUE(names(engine.verify(true), "cache", true));
  EXPECT_EQ(bytes_of(engine.synthesize({.text = kText})), made);
}

TEST_F(VerifyTest, ADamagedMasterIsNeverServedUnverified) {
  const std::string made = bytes_of(open().synthesize(page));
  flip_a_byte(object(".flac"));
  flip_a_byte(object(".wav"));
  lose("cache");
  const Speech again = open().synthesize(page);
  EXPECT_EQ(again.origin(), Origin::synthesized);
  EXPECT_EQ(bytes_of(again), made);  // the fake speaks the same again
}

}  // namespace
}  // namespace bhashatts::testing
