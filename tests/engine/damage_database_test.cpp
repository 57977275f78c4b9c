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

  enum class End { well, reported, crashed };

  // Everything is asked for, sweep and repair included.
  End use() {
    WorkerProcess worker(library_.worker({"--price", "70"}));
    for (const auto& [text, hash] : hashes_) worker.send("lookup " + text);
    worker.send("flush");
    for (const auto& [text, hash] : hashes_) worker.send("say " + text);
    for (const char* command : {"repair", "verify"}) worker.send(command);
    worker.close_input();
    const auto lines = worker.rest();
    const int status = worker.end();
    EXPECT_NE(status, kErrorEscaped) << (lines.empty() ? "" : lines.back());
    bool reported = false;
    for (const std::string& line : lines) reported = is_report(line) || reported;
    return status != 0 ? End::crashed : reported ? End::reported : End::well;
  }

  // Of what only the next opening can mend. Every other line must be as if nothing had happened.
  bool is_report(const std::string& line) {
    if (line.starts_with("problem catalog: damaged")) return true;
    if (line.starts_with("error storage_damaged")) return true;
    EXPECT_THAT(line, AnyOf(StartsWith("ready"), StartsWith("ok "), StartsWith("none "),
                            StartsWith("flushed"), StartsWith("repaired"), StartsWith("verified"),
                            StartsWith("passed")));
    if (const auto ack = acknowledgement(line)) {
      EXPECT_EQ(ack->audio_hash, hashes_.at(ack->text)) << ack->text;
    }
    return false;
  }

  // One crash, one report, and then all is well.
  void expect_mended() {
    End end = use();
    if (end == End::crashed) {
      ++crashes_;
      end = use();
    }
    if (end == End::reported) {
      ++reports_;
      end = use();
    }
    EXPECT_EQ(end, End::well) << static_cast<int>(end);
    EXPECT_EQ(library_.counter().total(), calls_) << "something was paid again";
  }

  void expect_survived(const std::string& database) {
    const fs::path file = library_.root() / database;
    const auto damages = damages_of_a_database(fs::file_size(file), kSeed);
    for (const Damage& damage : damages) {
      SCOPED_TRACE(database + ": " + damage.name);
      copy(pristine_, library_.root());
      damage.inflict(file);
      expect_mended();
      if (HasFailure()) return;
    }
    RecordProperty("damages", std::to_string(damages.size()));
    RecordProperty("crashes", std::to_string(crashes_));
    RecordProperty("reports", std::to_string(reports_));
  }

  static constexpr int kErrorEscaped = 3;  // the worker's; a sanitizer ends a crash with others
  static constexpr int kTexts = 24;
  static constexpr std::uint64_t kSeed = 20'260'101;
  const Library library_;
  const fs::path pristine_ = library_.scratch("pristine");
  std::map<std::string, std::string> hashes_;
  std::size_t calls_ = 0;
  int crashes_ = 0;
  int reports_ = 0;
};

TEST_F(DamagedDatabase, OfTheCacheIsRebuilt) { expect_survived("cache/index/data.mdb"); }

TEST_F(DamagedDatabase, OfTheCatalogIsRebuiltFromTheMasters) {
  expect_survived("catalog/db/data.mdb");
}

TEST_F(DamagedDatabase, ThatIsGoneIsBegunAnew) {
  fs::remove_all(library_.root() / "catalog");
  fs::remove_all(library_.root() / "cache");
  expect_mended();
}

}  // namespace
}  // namespace bhashatts::testing
