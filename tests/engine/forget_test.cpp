// What is forgotten leaves nothing that can be read again.
#include <lmdb.h>

#include <set>

#include "base/files.h"
#include "base/lmdb.h"
#include "tests/engine/engine_fixture.h"

namespace bhashatts::testing {
namespace {

constexpr std::string_view kSecret = "मीरा का गुप्त संदेश सिर्फ़ माँ के लिए";

class ForgetTest : public EngineTest {
 protected:
  // Files under the data directory, by path within it, that hold the needle. LMDB files are looked
  // at apart: see live_records_hold.
  std::set<std::string> files_that_hold(std::string_view needle) const {
    std::set<std::string> found;
    const std::filesystem::path root = dir / "data";
    for (const auto& file : std::filesystem::recursive_directory_iterator(root)) {
      if (!file.is_regular_file() || file.path().extension() == ".mdb") continue;
      const auto bytes = read_file(file.path(), std::size_t{1} << 30U);
      if (bytes && bytes->find(needle) != std::string::npos) {
        found.insert(file.path().lexically_relative(root).string());
      }
    }
    return found;
  }
};

// Whether any key or value that a reader can reach holds the needle. Pages that LMDB has freed keep
// their bytes on disk until a later commit takes them: those are not looked at.
bool live_records_hold(const std::filesystem::path& directory, std::string_view needle) {
  EXPECT_TRUE(std::filesystem::exists(directory / "data.mdb"));
  const auto env = lmdb::Env::open(
      {.directory = directory, .map_bytes = std::int64_t{1} << 36, .databases = {}});
  const lmdb::ReadTxn txn(*env);
  MDB_dbi main = 0;
  lmdb::check(mdb_dbi_open(txn.raw(), nullptr, 0, &main), "open");
  lmdb::Cursor names(txn, main);
  for (bool more = names.first(); more; more = names.next()) {
    MDB_dbi dbi = 0;
    const std::string name(names.key());
    lmdb::check(mdb_dbi_open(txn.raw(), name.c_str(), 0, &dbi), "open");
    lmdb::Cursor records(txn, dbi);
    for (bool any = records.first(); any; any = records.next()) {
      if (records.key().find(needle) != std::string_view::npos) return true;
      if (records.value().find(needle) != std::string_view::npos) return true;
    }
  }
  return false;
}

TEST_F(ForgetTest, AForgottenPageLeavesNoneOfItsSentencesButThoseOfOthers) {
  TtsEngine engine = open();
  const std::string shared = "नदी के किनारे एक मोर नाचता था।";
  const std::string page = shared + " " + std::string(kSecret) + "।";
  engine.synthesize({.text = page, .story_id = "moon", .page_number = 1});
  engine.synthesize({.text = shared});
  EXPECT_EQ(engine.forget_text(page).utterances, 1);
  engine.flush();
  EXPECT_FALSE(engine.lookup({.text = page}));
  EXPECT_FALSE(engine.lookup({.text = kSecret}));
  EXPECT_TRUE(engine.lookup({.text = shared}));
  EXPECT_EQ(files_that_hold(kSecret), std::set<std::string>{});
}

TEST_F(ForgetTest, AForgottenTextIsNotThere) {
  TtsEngine engine = open();
  engine.synthesize({.text = kSecret});
  engine.synthesize({.text = kSecret, .format = AudioFormat::flac});
  engine.synthesize({.text = kSecret, .language = "TAMIL", .voice_style = "calm"});
  const ForgetReport report = engine.forget_text(kSecret);
  EXPECT_EQ(report.speeches, 3);
  EXPECT_EQ(report.utterances, 2);
  EXPECT_GT(report.usage_events, 0);
  EXPECT_FALSE(engine.lookup({.text = kSecret}));
  EXPECT_FALSE(engine.lookup({.text = kSecret, .format = AudioFormat::flac}));
  EXPECT_FALSE(engine.lookup({.text = kSecret, .language = "TAMIL", .voice_style = "calm"}));
  EXPECT_EQ(engine.stats().total_entries, 0);
}

TEST_F(ForgetTest, WhatLookupDerivedIsForgottenToo) {
  TtsEngine engine = open();
  engine.synthesize({.text = kSecret});
  ASSERT_TRUE(engine.lookup({.text = kSecret, .format = AudioFormat::flac}));
  engine.forget_text(kSecret);
  EXPECT_FALSE(engine.lookup({.text = kSecret, .format = AudioFormat::flac}));
}

TEST_F(ForgetTest, WhatNoRecordTellsOfIsForgottenToo) {
  {
    TtsEngine engine = open();
    engine.synthesize({.text = kSecret, .voice_style = "calm"});
  }
  lose("catalog");
  lose("blobs");  // only the cache has it now
  TtsEngine engine = open();
  engine.forget_text(kSecret);
  EXPECT_FALSE(engine.lookup({.text = kSecret, .voice_style = "calm"}));
}

TEST_F(ForgetTest, NoFileAndNoRecordHoldsAForgottenText) {
  {
    TtsEngine engine = open();
    engine.synthesize({.text = kSecret, .user_id = "meera", .story_id = "diary", .page_number = 1});
    engine.synthesize({.text = kSecret});
    engine.lookup({.text = kSecret, .format = AudioFormat::flac});
    engine.synthesize({.text = kOther});
    engine.flush();
    EXPECT_FALSE(files_that_hold(kSecret).empty());  // the master's comment
    engine.forget_text(kSecret);
  }
  EXPECT_EQ(files_that_hold(kSecret), std::set<std::string>());
  EXPECT_FALSE(live_records_hold(data("catalog/db"), kSecret));
  EXPECT_FALSE(live_records_hold(data("cache/index"), kSecret));
  EXPECT_TRUE(live_records_hold(data("catalog/db"), kOther));
  EXPECT_TRUE(open().lookup({.text = kOther}));
}

TEST_F(ForgetTest, ATextIsForgottenInAnySpelling) {
  TtsEngine engine = open();
  engine.synthesize({.text = kSecret});
  EXPECT_EQ(engine.forget_text("  " + std::string(kSecret) + "\n").speeches, 1);
  EXPECT_EQ(engine.forget_text(kSecret).speeches, 0);
}

TEST_F(ForgetTest, AForgottenTextIsMadeAnewFromTheSameTake) {
  TtsEngine engine = open();
  engine.synthesize({.text = kSecret});
  engine.forget_text(kSecret);
  const Speech anew = engine.synthesize({.text = kSecret});
  EXPECT_EQ(anew.origin(), Origin::synthesized);
  EXPECT_EQ(anew.metadata().take, 0);
}

TEST_F(ForgetTest, AForgottenUserLeavesNoUsage) {
  {
    TtsEngine engine = open();
    for (const std::string_view user : {"meera@home", "asha@home"}) {
      engine.synthesize({.text = kText, .user_id = user});
    }
    EXPECT_GT(engine.forget_user("meera@home").usage_events, 0);
    EXPECT_EQ(engine.forget_user("meera@home").usage_events, 0);
    EXPECT_TRUE(engine.lookup({.text = kText}));
  }
  EXPECT_FALSE(live_records_hold(data("catalog/db"), "meera@home"));
  EXPECT_TRUE(live_records_hold(data("catalog/db"), "asha@home"));
}

TEST_F(ForgetTest, AnotherEngineForgetsToo) {
  TtsEngine one = open();
  TtsEngine two = open();
  one.synthesize({.text = kSecret});
  one.flush();
  two.synthesize({.text = kSecret});
  one.forget_text(kSecret);
  EXPECT_FALSE(two.lookup({.text = kSecret}));
}

class ClearTest : public ForgetTest {
 protected:
  void fill(TtsEngine& engine) {
    engine.synthesize({.text = kText, .story_id = "moon", .page_number = 1});
    engine.synthesize({.text = kOther});
    engine.synthesize({.text = "நிலா", .language = "TAMIL"});
    engine.flush();
  }
};

TEST_F(ClearTest, ADryRunCountsAndKeepsAll) {
  TtsEngine engine = open();
  fill(engine);
  const ClearReport report = engine.clear({.cache_only = false, .dry_run = true});
  EXPECT_EQ(report.cache_entries, 3);
  EXPECT_EQ(report.blobs, 4);    // three masters and a page
  EXPECT_EQ(report.records, 6);  // three utterances and three speeches
  EXPECT_EQ(engine.synthesize({.text = kText}).origin(), Origin::memory);
  EXPECT_EQ(engine.stats().total_entries, 3);
}

TEST_F(ClearTest, ClearingTheCacheKeepsTheBlobs) {
  TtsEngine engine = open();
  fill(engine);
  const ClearReport report = engine.clear({});
  EXPECT_EQ(report.cache_entries, 3);
  EXPECT_EQ(report.blobs, 0);
  EXPECT_EQ(report.records, 0);
  EXPECT_EQ(engine.synthesize({.text = kText}).origin(), Origin::blob);
  EXPECT_EQ(voice->calls(), 3);
}

TEST_F(ClearTest, ClearingAllLeavesNothing) {
  TtsEngine engine = open();
  fill(engine);
  const ClearReport report = engine.clear({.cache_only = false});
  EXPECT_EQ(report.blobs, 4);
  EXPECT_EQ(report.records, 6);
  EXPECT_FALSE(engine.lookup({.text = kText}));
  EXPECT_FALSE(engine.story_page_url("moon", 1));
  EXPECT_EQ(engine.stats().total_entries, 0);
  EXPECT_EQ(files_that_hold("fLaC"), std::set<std::string>());
  EXPECT_EQ(files_that_hold("RIFF"), std::set<std::string>());
  EXPECT_EQ(engine.synthesize({.text = kText}).origin(), Origin::synthesized);
}

TEST_F(ClearTest, ALanguageIsClearedAlone) {
  TtsEngine engine = open();
  fill(engine);
  const ClearReport report = engine.clear({.cache_only = false, .language = "TAMIL"});
  EXPECT_EQ(report.cache_entries, 1);
  EXPECT_EQ(report.blobs, 1);
  EXPECT_EQ(report.records, 2);
  EXPECT_FALSE(engine.lookup({.text = "நிலா", .language = "TAMIL"}));
  EXPECT_TRUE(engine.lookup({.text = kText}));
}

TEST_F(ClearTest, ClearingTwiceFindsNothing) {
  TtsEngine engine = open();
  fill(engine);
  engine.clear({.cache_only = false});
  const ClearReport again = engine.clear({.cache_only = false});
  EXPECT_EQ(again.cache_entries, 0);
  EXPECT_EQ(again.blobs, 0);
  EXPECT_EQ(again.records, 0);
}

TEST_F(ClearTest, AnUnknownLanguageIsAnError) {
  EXPECT_EQ(code_of([&] { open().clear({.language = "KLINGON"}); }), ErrorCode::language_unknown);
}

}  // namespace
}  // namespace bhashatts::testing
