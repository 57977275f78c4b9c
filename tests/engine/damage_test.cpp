// Audio files that changed behind the engine's back: found by the next engine, never served, healed
// where a second copy exists.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <string>
#include <vector>

#include "tests/engine/damage.h"
#include "tests/engine/library.h"

namespace bhashatts::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::Each;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string kText = "एक पाठ जिसकी फ़ाइल ख़राब होगी";

enum class Kept { as_page, in_cache_only };

// A library with one speech, closed.
class Shelved {
 public:
  explicit Shelved(Kept kept) {
    auto engine = books.open();
    const bool page = kept == Kept::as_page;
    original = audio_hash(
        engine
            .synthesize(
                {.text = kText, .story_id = page ? "story" : "", .page_number = page ? 1 : 0})
            .audio());
    engine.close();
    master = books.blobs(".flac").at(0);
    if (page) copy = books.blobs(".wav").at(0);
    if (!page) copy = books.cached_files().at(0);
    master_bytes = content_of(master);
    copy_bytes = content_of(copy);
  }

  void forget_cache() const {
    auto engine = books.open();
    engine.clear({.cache_only = true, .language = "", .dry_run = false});
  }

  Library books;
  fs::path master;
  fs::path copy;  // the page, or the file in the cache
  std::string master_bytes;
  std::string copy_bytes;
  std::string original;
};

// The same audio, made once, from an engine that was just opened.
void expect_served(const Shelved& shelved) {
  auto engine = shelved.books.open();
  EXPECT_EQ(audio_hash(engine.synthesize({.text = kText}).audio()), shelved.original);
  EXPECT_EQ(shelved.books.counter().total(), 1U);
}

void expect_made_anew(const Shelved& shelved) {
  auto engine = shelved.books.open();
  const Speech speech = engine.synthesize({.text = kText});
  EXPECT_TRUE(speaks(speech, kText));
  EXPECT_NE(audio_hash(speech.audio()), shelved.original);
  EXPECT_EQ(shelved.books.counter().total(), 2U);
}

void expect_reported(const Shelved& shelved, const std::string& object, std::size_t count = 1) {
  auto engine = shelved.books.open();
  EXPECT_THAT(problems(engine.verify(false)), SizeIs(count));
  EXPECT_THAT(problems(engine.verify(false)), Each(HasSubstr(object)));
}

void repair(const Shelved& shelved, bool healed) {
  auto engine = shelved.books.open();
  for (const auto& problem : engine.verify(true).problems) {
    EXPECT_EQ(problem.repaired, healed) << problem.object << ": " << problem.what;
  }
  EXPECT_THAT(problems(engine.verify(false)), IsEmpty());
}

TEST(DamagedMaster, IsHealedFromItsPageByVerify) {
  for (const Damage& damage : damages_of_a_file()) {
    SCOPED_TRACE(damage.name);
    const Shelved shelved(Kept::as_page);
    damage.inflict(shelved.master);
    expect_reported(shelved, shelved.master.filename());
    expect_served(shelved);
    repair(shelved, true);
    EXPECT_TRUE(content_of(shelved.master) == shelved.master_bytes);
    expect_served(shelved);
  }
}

TEST(DamagedMaster, IsHealedFromItsPageWhenAnotherFormatIsAskedFor) {
  for (const Damage& damage : damages_of_a_file()) {
    SCOPED_TRACE(damage.name);
    const Shelved shelved(Kept::as_page);
    damage.inflict(shelved.master);
    auto engine = shelved.books.open();
    const Speech speech = engine.synthesize({.text = kText, .format = AudioFormat::flac});
    EXPECT_TRUE(speaks(speech, kText));
    EXPECT_TRUE(speaks(engine.synthesize({.text = kText}), kText));
  }
}

TEST(DamagedMaster, IsHealedFromTheCacheByVerify) {
  for (const Damage& damage : damages_of_a_file()) {
    SCOPED_TRACE(damage.name);
    const Shelved shelved(Kept::in_cache_only);
    damage.inflict(shelved.master);
    expect_reported(shelved, shelved.master.filename());
    expect_served(shelved);
    repair(shelved, true);
    EXPECT_TRUE(content_of(shelved.master) == shelved.master_bytes);
    shelved.forget_cache();
    expect_served(shelved);
  }
}

TEST(DamagedMaster, WithoutASecondCopyIsReportedAndMadeAnew) {
  for (const Damage& damage : damages_of_a_file()) {
    SCOPED_TRACE(damage.name);
    const Shelved shelved(Kept::in_cache_only);
    shelved.forget_cache();
    damage.inflict(shelved.master);
    expect_reported(shelved, shelved.master.filename());
    expect_made_anew(shelved);
    expect_reported(shelved, "", 0);
    EXPECT_THAT(shelved.books.strays(), IsEmpty());
  }
}

TEST(DamagedMaster, WithoutASecondCopyIsLetGoByVerify) {
  for (const Damage& damage : damages_of_a_file()) {
    SCOPED_TRACE(damage.name);
    const Shelved shelved(Kept::in_cache_only);
    shelved.forget_cache();
    damage.inflict(shelved.master);
    repair(shelved, false);
    expect_made_anew(shelved);
    EXPECT_THAT(shelved.books.strays(), IsEmpty());
  }
}

TEST(DamagedPage, IsMadeAgainFromItsMasterWhenAskedFor) {
  for (const Damage& damage : damages_of_a_file()) {
    SCOPED_TRACE(damage.name);
    const Shelved shelved(Kept::as_page);
    damage.inflict(shelved.copy);
    expect_served(shelved);
    repair(shelved, true);
    EXPECT_TRUE(content_of(shelved.copy) == shelved.copy_bytes);
    EXPECT_THAT(shelved.books.strays(), IsEmpty());
  }
}

TEST(DamagedPage, IsMadeAgainFromItsMasterByVerify) {
  for (const Damage& damage : damages_of_a_file()) {
    SCOPED_TRACE(damage.name);
    const Shelved shelved(Kept::as_page);
    shelved.forget_cache();
    damage.inflict(shelved.copy);
    expect_reported(shelved, shelved.copy.filename());
    repair(shelved, true);
    EXPECT_TRUE(content_of(shelved.copy) == shelved.copy_bytes);
    expect_served(shelved);
  }
}

TEST(DamagedCacheFile, IsMadeAgainFromItsMaster) {
  for (const Damage& damage : damages_of_a_file()) {
    SCOPED_TRACE(damage.name);
    const Shelved shelved(Kept::in_cache_only);
    damage.inflict(shelved.copy);
    expect_reported(shelved, "cache");
    expect_served(shelved);
    repair(shelved, true);
    expect_served(shelved);
    EXPECT_THAT(shelved.books.strays(), IsEmpty());
  }
}

TEST(DamagedMasterAndPage, AreReportedAndMadeAnew) {
  for (const Damage& damage : damages_of_a_file()) {
    SCOPED_TRACE(damage.name);
    const Shelved shelved(Kept::as_page);
    shelved.forget_cache();
    damage.inflict(shelved.copy);
    damage.inflict(shelved.master);
    expect_reported(shelved, "", 2);
    expect_made_anew(shelved);
    repair(shelved, true);
    EXPECT_THAT(shelved.books.strays(), IsEmpty());
  }
}

}  // namespace
}  // namespace bhashatts::testing
