// A damaged cache index, a damaged catalog: each opened in a child process, which may crash once;
// the next one works, serves nothing wrong, and pays for nothing again.
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tests/engine/damage.h"
#include "tests/engine/library.h"
#include "tests/engine/worker_process.h"

namespace bhashatts::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::AnyOf;
using ::testing::IsEmpty;
using ::testing::StartsWith;

class DamagedDatabase : public ::testing::Test {
 protected:
  DamagedDatabase() {
    auto engine = library_.open();
    for (int i = 0; i < kTexts; ++i) {
      const std::string text = "संभालकर रखा पाठ " + std::to_string(i);
      const bool page = i % 2 == 0;
      const Speech speech = engine.synthesize(
          {.text = text, .story_id = page ? "story" : "", .page_number = page ? i + 1 : 0});
      hashes_[text] = audio_hash(speech.audio());
      if (i % 8 == 7) reject(engine, text);
    }
    engine.close();
    calls_ = library_.counter().total();
    copy(library_.root(), pristine_);
  }

  void reject(TtsEngine& engine, const std::string& text) {
    engine.reject({.text = text});
    hashes_[text] = audio_hash(engine.synthesize({.text = text}).audio());
  }

  // With the extended attributes, which std::filesystem leaves behind.
  static void copy(const fs::path& from, const fs::path& to) {
    fs::remove_all(to);
    ASSERT_EQ(std::system(("cp -a '" + from.string() + "' '" + to.string() + "'").c_str()), 0);
  }

  // Everything is asked for, sweep and repair included. False where it crashed.
  bool use() {
    WorkerProcess worker(library_.worker({"--price", "70"}));
    for (const auto& [text, hash] : hashes_) worker.send("lookup " + text);
    worker.send("flush");
    for (const auto& [text, hash] : hashes_) worker.send("say " + text);
    for (const char* command : {"repair", "verify"}) worker.send(command);
    worker.close_input();
    const auto lines = worker.rest();
    const int status = worker.end();
    for (const std::string& line : lines) look_at(line);
    EXPECT_LE(status, 0) << (lines.empty() ? "" : lines.back());
    return status == 0;
  }

  void look_at(const std::string& line) {
    EXPECT_THAT(line, AnyOf(StartsWith("ready"), StartsWith("ok "), StartsWith("none "),
                            StartsWith("flushed"), StartsWith("repaired"), StartsWith("verified"),
                            StartsWith("passed")));
    const auto ack = acknowledgement(line);
    if (!ack) return;
    EXPECT_EQ(ack->audio_hash, hashes_.at(ack->text)) << ack->text;
  }

  void expect_survived(const std::string& database) {
    const fs::path file = library_.root() / database;
    const auto damages = damages_of_a_database(fs::file_size(file), kSeed);
    int crashes = 0;
    for (const Damage& damage : damages) {
      SCOPED_TRACE(database + ": " + damage.name);
      copy(pristine_, library_.root());
      damage.inflict(file);
      const bool well = use() || (++crashes, use());
      EXPECT_TRUE(well) << "it crashed twice";
      EXPECT_EQ(library_.counter().total(), calls_) << "something was paid again";
      if (HasFailure()) return;
    }
    RecordProperty("damages", std::to_string(damages.size()));
    RecordProperty("crashes", std::to_string(crashes));
  }

  static constexpr int kTexts = 24;
  static constexpr std::uint64_t kSeed = 20'260'101;
  const Library library_;
  const fs::path pristine_ = library_.scratch("pristine");
  std::map<std::string, std::string> hashes_;
  std::size_t calls_ = 0;
};

TEST_F(DamagedDatabase, OfTheCacheIsRebuilt) { expect_survived("cache/index/data.mdb"); }

TEST_F(DamagedDatabase, OfTheCatalogIsRebuiltFromTheMasters) {
  expect_survived("catalog/db/data.mdb");
}

TEST_F(DamagedDatabase, ThatIsGoneIsBegunAnew) {
  fs::remove_all(library_.root() / "catalog");
  fs::remove_all(library_.root() / "cache");
  EXPECT_TRUE(use());
  EXPECT_EQ(library_.counter().total(), calls_);
}

}  // namespace
}  // namespace bhashatts::testing
