// Disks that are full, become full, or may not be written; maps that are full; directories that are
// not ours to use. Each has a defined outcome, and money is never spent for what cannot be kept.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <unistd.h>

#include <filesystem>
#include <fstream>
#include <memory>
#include <string>

#include "base/files.h"
#include "engine/data_dir.h"
#include "tests/engine/library.h"
#include "tests/engine/mount.h"
#include "tests/engine/worker_process.h"
#include "tests/support/raised.h"

namespace bhashatts::testing {
namespace {

namespace fs = std::filesystem;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::StartsWith;

constexpr std::int64_t kMiB = 1 << 20;
const std::string kOld = "जो पहले से है";
const std::string kNew = "जो अभी नहीं है";

// A file that leaves so many bytes of the file system free, until it goes.
class Filler {
 public:
  Filler(fs::path file, std::uint64_t leave) : file_(std::move(file)) {
    std::ofstream out(file_, std::ios::binary);
    const std::uint64_t free = free_bytes(file_.parent_path());
    if (free > leave) out << std::string(free - leave, 'x');
  }
  ~Filler() { fs::remove(file_); }
  Filler(const Filler&) = delete;
  Filler& operator=(const Filler&) = delete;

 private:
  fs::path file_;
};

std::string new_text(int number) { return "नया पाठ " + std::to_string(number); }

// -- disks

class SmallDisk : public ::testing::Test {
 protected:
  void SetUp() override {
    if (!OwnMounts::why().empty()) GTEST_SKIP() << OwnMounts::why();
    ASSERT_TRUE(disk_.is_there());
    config_.min_free_bytes = 4 * kMiB;
  }
  fs::path filler() const { return disk_.path() / "filler"; }
  std::string refusal(TtsEngine& engine, const std::string& text) {
    return raised(ErrorCode::storage_full, [&] { engine.synthesize({.text = text}); });
  }

  const bool mounts_are_ours_ = OwnMounts::why().empty();
  const TempDir directory_;
  const Mount disk_ = Mount::tmpfs(directory_ / "disk", "16m");
  const Library library_{disk_.path() / "data"};
  Config config_ = library_.config();
};

TEST_F(SmallDisk, ThatIsFullRefusesNewWorkBeforeTheSynthesizerIsCalledAndServesTheRest) {
  auto engine = library_.open(config_, library_.counted());
  engine.synthesize({.text = kOld});
  engine.flush();
  {
    const Filler full(filler(), 3 * kMiB);
    EXPECT_THAT(refusal(engine, kNew), HasSubstr("make room"));
    EXPECT_TRUE(speaks(engine.synthesize({.text = kOld}), kOld));
    EXPECT_EQ(library_.counter().total(), 1U);
    EXPECT_THAT(engine.status().warnings, Not(IsEmpty()));
  }
  EXPECT_TRUE(speaks(engine.synthesize({.text = kNew}), kNew));
  EXPECT_EQ(library_.counter().total(), 2U);
}

TEST_F(SmallDisk, ThatIsFullToTheLastByteStillServesAProcessThatOpensOnIt) {
  {
    auto engine = library_.open(config_, library_.counted());
    engine.synthesize({.text = kOld, .story_id = "story", .page_number = 1});
  }
  const Filler full(filler(), 0);
  WorkerProcess worker(library_.worker());
  EXPECT_EQ(worker.answer(), "ready");
  EXPECT_TRUE(worker.ask("say " + kOld));
  worker.send("say " + kNew);
  EXPECT_THAT(worker.answer(), StartsWith("error storage_full"));
  EXPECT_EQ(library_.counter().total(), 1U);
  EXPECT_EQ(worker.end(), 0);
}

TEST_F(SmallDisk, ThatFillsUpDuringTheSynthesisReturnsTheSpeechAllTheSame) {
  config_.min_free_bytes = 1;
  std::unique_ptr<Filler> full;
  CountedOptions counted = library_.counted();
  counted.price_micro_usd = 70;
  counted.samples = 100'000;
  counted.meanwhile = [&] { full = std::make_unique<Filler>(filler(), 0); };
  {
    auto engine = library_.open(config_, counted);
    EXPECT_TRUE(speaks(engine.synthesize({.text = kNew}), kNew));
    engine.close();
  }
  EXPECT_EQ(library_.counter().total(), 1U);
  full.reset();
  auto engine = library_.open(config_, library_.counted());
  engine.flush();
  EXPECT_THAT(problems(engine.verify(false)), IsEmpty());
  EXPECT_TRUE(speaks(engine.synthesize({.text = kNew}), kNew));
  EXPECT_LE(library_.counter().total(), 2U);
  engine.close();
  EXPECT_THAT(library_.strays(), IsEmpty());
  EXPECT_GE(library_.catalog()->totals().paid_attempts, 1);
}

TEST_F(SmallDisk, ThatFillsUpBitByBitLosesNothingThatWasSaid) {
  config_.min_free_bytes = 1;
  CountedOptions counted = library_.counted();
  counted.price_micro_usd = 70;
  counted.samples = 200'000;  // 400 KB, twice
  int made = 0;
  {
    auto engine = library_.open(config_, counted);
    try {
      for (; made < 200; ++made)
        EXPECT_TRUE(speaks(engine.synthesize({.text = new_text(made)}), new_text(made)));
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::storage_full) << error.what();
    }
    EXPECT_GT(made, 5);
    EXPECT_EQ(library_.counter().total(), static_cast<std::size_t>(made)) << "made, not returned";
  }
  auto engine = library_.open(config_, library_.counted());
  EXPECT_THAT(problems(engine.verify(false)), IsEmpty());
  int kept = 0;
  for (int i = 0; i < made; ++i) {
    const auto speech = engine.lookup({.text = new_text(i)});
    if (!speech) continue;
    EXPECT_TRUE(speaks(*speech, new_text(i)));
    ++kept;
  }
  EXPECT_GT(kept, 5);
}

TEST(ReadOnlyDisk, ServesWhatIsThereAndMakesNothing) {
  if (!OwnMounts::why().empty()) GTEST_SKIP() << OwnMounts::why();
  const Library library;
  {
    auto engine = library.open();
    engine.synthesize({.text = kOld});
    engine.synthesize({.text = new_text(1), .story_id = "story", .page_number = 1});
  }
  const Mount view = Mount::read_only(library.root(), library.scratch("view"));
  ASSERT_TRUE(view.is_there());
  Config config = library.config();
  config.data_dir = view.path().string();
  auto engine = library.open(config, library.counted());
  EXPECT_TRUE(engine.status().read_only);
  EXPECT_TRUE(speaks(engine.synthesize({.text = kOld}), kOld));
  EXPECT_TRUE(speaks(engine.synthesize({.text = kOld, .format = AudioFormat::flac}), kOld));
  EXPECT_TRUE(speaks(engine.synthesize({.text = new_text(1)}), new_text(1)));
  raised(ErrorCode::storage_read_only, [&] { engine.synthesize({.text = kNew}); });
  raised(ErrorCode::storage_read_only, [&] { engine.reject({.text = kOld}); });
  EXPECT_THAT(problems(engine.verify(false)), IsEmpty());
  engine.flush();
  EXPECT_EQ(library.counter().total(), 2U);
}

// -- maps

// New texts until one is refused; how many were made.
int make_until_refused(TtsEngine& engine, int most) {
  for (int i = 0; i < most; ++i) {
    try {
      EXPECT_TRUE(speaks(engine.synthesize({.text = new_text(i)}), new_text(i)));
    } catch (const Error& error) {
      EXPECT_EQ(error.code(), ErrorCode::storage_full) << error.what();
      return i;
    }
  }
  return most;
}

TEST(FullCatalogMap, RefusesPaidWorkBeforeItIsDoneAndServesTheRest) {
  const Library library;
  Config config = library.config();
  config.catalog_map_bytes = 1 << 20;
  CountedOptions counted = library.counted();
  counted.price_micro_usd = 70;
  auto engine = library.open(config, counted);
  const int made = make_until_refused(engine, 5000);
  EXPECT_GT(made, 10);
  EXPECT_LT(made, 5000) << "the map did not fill";
  EXPECT_EQ(library.counter().total(), static_cast<std::size_t>(made)) << "paid for nothing";
  for (int i = 0; i < made; ++i) {
    EXPECT_TRUE(speaks(engine.synthesize({.text = new_text(i)}), new_text(i)));
  }
  EXPECT_EQ(library.counter().total(), static_cast<std::size_t>(made));
}

TEST(FullCatalogMap, IsMendedByALargerOne) {
  const Library library;
  Config config = library.config();
  config.catalog_map_bytes = 1 << 20;
  CountedOptions counted = library.counted();
  counted.price_micro_usd = 70;
  int made = 0;
  {
    auto engine = library.open(config, counted);
    made = make_until_refused(engine, 5000);
  }
  auto engine = library.open(library.config(), counted);
  EXPECT_TRUE(speaks(engine.synthesize({.text = kNew}), kNew));
  engine.clear({.cache_only = true, .language = "", .dry_run = false});
  for (int i = 0; i < made; ++i) {
    EXPECT_TRUE(speaks(engine.synthesize({.text = new_text(i)}), new_text(i)));
  }
  EXPECT_EQ(library.counter().total(), static_cast<std::size_t>(made) + 1);
  EXPECT_EQ(engine.stats().paid_attempts, made + 1);
}

TEST(FullCacheMap, ServesAllTheSame) {
  const Library library;
  Config config = library.config();
  config.cache_map_bytes = 1 << 20;
  auto engine = library.open(config, library.counted());
  EXPECT_EQ(make_until_refused(engine, 400), 400);
  engine.flush();
  for (int i = 0; i < 400; ++i) {
    EXPECT_TRUE(speaks(engine.synthesize({.text = new_text(i)}), new_text(i)));
  }
  EXPECT_EQ(library.counter().total(), 400U);
  EXPECT_THAT(problems(engine.verify(false)), IsEmpty());
  engine.close();
}

// -- directories that are not ours to use

TEST(DataDirectory, OfANewerVersionIsLeftAlone) {
  const Library library;
  library.open().close();
  std::ofstream(library.root() / "VERSION") << "99\n";
  EXPECT_THAT(raised(ErrorCode::storage_newer, [&] { library.open(); }), HasSubstr("upgrade"));
}

TEST(DataDirectory, OfAnotherUserIsLeftAlone) {
  if (::geteuid() != 0) GTEST_SKIP() << "giving a directory away takes root";
  const Library library;
  library.open().close();
  ASSERT_EQ(::chown(library.root().c_str(), 65'533, 65'533), 0);
  EXPECT_THAT(raised(ErrorCode::storage_wrong_owner, [&] { library.open(); }),
              HasSubstr("BHASHATTS_DATA_DIR"));
}

TEST(DataDirectory, OnANetworkFileSystemIsRefusedBeforeItIsMade) {
  const TempDir directory;
  constexpr std::int64_t kNfs = 0x6969;
  const auto on_nfs = [](const fs::path&) { return kNfs; };
  EXPECT_THAT(raised(ErrorCode::storage_network,
                     [&] { engine::DataDir::open((directory / "data").string(), 0, on_nfs); }),
              HasSubstr("local disk"));
  EXPECT_FALSE(fs::exists(directory / "data"));
}

TEST(DataDirectory, InAPlaceThatCannotBeMadeIsAnErrorThatNamesIt) {
  const TempDir directory;
  std::ofstream(directory / "file") << "in the way\n";
  Library library(directory / "file" / "data");
  EXPECT_THAT(raised(ErrorCode::storage_failed, [&] { library.open(); }), HasSubstr("file"));
}

}  // namespace
}  // namespace bhashatts::testing
