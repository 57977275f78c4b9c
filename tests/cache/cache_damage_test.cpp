// An index with bytes flipped or its end cut off, opened and used in child processes: LMDB itself
// would crash on many of these.
#include <gtest/gtest.h>

#include <random>

#include "cache/index.h"
#include "cache/lmdb_tier.h"
#include "tests/cache/tier_help.h"
#include "tests/support/child.h"
#include "tests/support/temp_dir.h"

namespace bhashatts::cache {
namespace {

namespace fs = std::filesystem;
using testing::Child;
using testing::files_below;
using testing::flip_byte;
using testing::holds;
using testing::kDay;
using testing::key_number;
using testing::Pipe;
using testing::speech_number;
using testing::TempDir;
using testing::tier_options;

constexpr std::uint64_t kSpeeches = 300;

class DamagedIndex : public ::testing::Test {
 protected:
  // In a child, so that this process opens no environment whose file is then exchanged.
  void SetUp() override {
    Child maker([&] {
      auto tier = LmdbTier::open(tier_options(directory_.path()));
      for (std::uint64_t i = 0; i < kSpeeches; ++i) tier->put(speech_number(i, 64), kDay);
      for (std::uint64_t i = 0; i < kSpeeches; i += 2) tier->erase(key_number(i));
      for (std::uint64_t i = 0; i < kSpeeches; i += 2) tier->put(speech_number(i, 64), kDay);
      return 0;
    });
    ASSERT_EQ(maker.wait(), 0);
    fs::copy(directory_.path(), pristine_.path(), fs::copy_options::recursive);
  }

  fs::path data_file() { return directory_ / "index/data.mdb"; }

  void restore() {
    fs::remove_all(directory_ / "index");
    fs::remove_all(directory_ / "index.damaged");
    fs::copy(pristine_ / "index", directory_ / "index", fs::copy_options::recursive);
  }

  // Opens, reads all, writes, sweeps. 0: nothing wrong was served.
  int use() {
    Child user([&] {
      auto tier = LmdbTier::open(tier_options(directory_.path()));
      for (std::uint64_t i = 0; i < kSpeeches; ++i) {
        if (const auto hit = tier->get(key_number(i))) {
          if (hit->audio.chars() != testing::audio_number(i, 64)) return 1;
          if (*hit->metadata != *speech_number(i, 64).metadata) return 2;
        }
      }
      for (std::uint64_t i = 0; i < 40; ++i) tier->put(speech_number(1000 + i, 64), kDay);
      tier->flush();
      return holds(*tier, 1000, 64) && holds(*tier, 1039, 64) ? 0 : 3;
    });
    return user.wait();
  }

  int held() {
    int number = 0;
    auto tier = LmdbTier::open(tier_options(directory_.path()));
    for (std::uint64_t i = 0; i < kSpeeches; ++i) number += holds(*tier, i, 64) ? 1 : 0;
    return number;
  }

  TempDir directory_;
  TempDir pristine_;
};

TEST_F(DamagedIndex, IsRebuiltFromTheAudioFiles) {
  std::ofstream(data_file(), std::ios::binary) << std::string(100'000, 'x');
  Child healer([&] {
    auto tier = LmdbTier::open(tier_options(directory_.path()));
    tier->sweep();
    return held() == kSpeeches && files_below(directory_ / "audio").size() == kSpeeches ? 0 : 1;
  });
  EXPECT_EQ(healer.wait(), 0);
  EXPECT_TRUE(fs::exists(directory_ / "index.damaged/data.mdb"));
}

TEST_F(DamagedIndex, ALostIndexIsRebuiltAsWell) {
  fs::remove_all(directory_ / "index");
  Child healer([&] {
    auto tier = LmdbTier::open(tier_options(directory_.path()));
    tier->sweep();
    return held() == kSpeeches ? 0 : 1;
  });
  EXPECT_EQ(healer.wait(), 0);
}

TEST_F(DamagedIndex, AnEraseReachesWhatIsNotYetRebuilt) {
  fs::remove_all(directory_ / "index");
  Child healer([&] {
    auto tier = LmdbTier::open(tier_options(directory_.path()));
    tier->erase(key_number(5));
    tier->sweep();
    return held() == kSpeeches - 1 ? 0 : 1;
  });
  EXPECT_EQ(healer.wait(), 0);
}

TEST_F(DamagedIndex, FlippedBytesNeverCrashAndNeverServeAnythingWrong) {
  std::mt19937_64 random(42);
  const auto size = fs::file_size(data_file());
  for (int round = 0; round < 150; ++round) {
    const int flips = 1 << (random() % 8);
    for (int i = 0; i < flips; ++i) {
      flip_byte(data_file(), random() % size, static_cast<char>(1 << (random() % 8)));
    }
    ASSERT_EQ(use(), 0) << "round " << round << ", " << flips << " flips";
    restore();
  }
}

// Page headers, where a flip does most harm, one after the other.
TEST_F(DamagedIndex, FlippedHeadersNeverCrash) {
  const auto size = fs::file_size(data_file());
  std::mt19937_64 random(7);
  for (std::uint64_t page = 0; page < size; page += 4096) {
    flip_byte(data_file(), page + random() % 40, static_cast<char>(1 << (random() % 8)));
    ASSERT_EQ(use(), 0) << "page " << page / 4096;
    restore();
  }
}

TEST_F(DamagedIndex, ACutIndexNeverCrashes) {
  const auto size = fs::file_size(data_file());
  for (std::uint64_t i = 0; i < 30; ++i) {
    fs::resize_file(data_file(), size * i / 30 + (i % 2 == 0 ? 0 : 123));
    ASSERT_EQ(use(), 0) << "cut " << i;
    restore();
  }
}

TEST_F(DamagedIndex, IsReplacedUnderAProcessThatHasItOpen) {
  Pipe opened;
  Pipe replaced;
  Child reader([&] {
    auto tier = LmdbTier::open(tier_options(directory_.path()));
    if (!holds(*tier, 1, 64)) return 1;
    opened.say();
    replaced.hear();
    if (!holds(*tier, 2000, 64)) return 2;  // a miss in the old one leads to the new one
    tier->put(speech_number(2001, 64), kDay);
    return 0;
  });
  opened.hear();
  Child healer([&] {
    // As a second process would find it: damaged on disk, though the first one still reads it.
    fs::rename(directory_ / "index", directory_ / "index.damaged");
    auto tier = LmdbTier::open(tier_options(directory_.path()));
    tier->put(speech_number(2000, 64), kDay);
    return 0;
  });
  EXPECT_EQ(healer.wait(), 0);
  replaced.say();
  EXPECT_EQ(reader.wait(), 0);
  Child judge([&] {
    auto tier = LmdbTier::open(tier_options(directory_.path()));
    return holds(*tier, 2000, 64) && holds(*tier, 2001, 64) ? 0 : 1;
  });
  EXPECT_EQ(judge.wait(), 0);
}

TEST_F(DamagedIndex, ReadOnlyTakesItForEmpty) {
  std::ofstream(data_file(), std::ios::binary) << std::string(100'000, 'x');
  Child reader([&] {
    auto options = tier_options(directory_.path());
    options.read_only = true;
    return LmdbTier::open(options)->get(key_number(1)) ? 1 : 0;
  });
  EXPECT_EQ(reader.wait(), 0);
}

}  // namespace
}  // namespace bhashatts::cache
