// Writers that are many, and writers that die.
#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <random>
#include <thread>
#include <vector>

#include "base/lock_file.h"
#include "cache/lmdb_tier.h"
#include "tests/cache/tier_help.h"
#include "tests/support/child.h"
#include "tests/support/temp_dir.h"

namespace bhashatts::cache {
namespace {

namespace fs = std::filesystem;
using testing::bytes_below;
using testing::Child;
using testing::files_below;
using testing::kDay;
using testing::key_number;
using testing::Pipe;
using testing::speech_number;
using testing::TempDir;
using testing::tier_options;

constexpr std::int64_t kBudget = 300'000;

std::size_t size_of(std::uint64_t number) { return 500 + number % 1000; }

// Everything that the tier serves is right, and files, entries and sums agree.
void expect_sound(const fs::path& directory, std::uint64_t numbers) {
  auto tier = LmdbTier::open(tier_options(directory, kBudget));
  tier->sweep();
  const auto nothing_wrong = [](const Key& key, const std::string& what) {
    ADD_FAILURE() << key.hex() << ": " << what;
  };
  const std::int64_t entries = tier->verify(false, nothing_wrong);
  EXPECT_EQ(tier->stats().entries, entries);
  EXPECT_EQ(static_cast<std::int64_t>(files_below(directory / "audio").size()), entries);
  EXPECT_EQ(bytes_below(directory / "audio"), tier->stats().size_bytes);
  EXPECT_TRUE(files_below(directory / "tmp").empty());
  EXPECT_LE(tier->stats().size_bytes, kBudget);
  for (std::uint64_t i = 0; i < numbers; ++i) {
    const auto hit = tier->get(key_number(i));
    if (hit) {
      ASSERT_EQ(hit->audio.chars(), testing::audio_number(i, size_of(i)));
    }
  }
}

TEST(CacheProcesses, FourWritersKeepOneBudgetAndLeaveNoOrphans) {
  TempDir directory;
  std::vector<Child> writers;
  for (std::uint64_t w = 0; w < 4; ++w) {
    writers.emplace_back([&, w] {
      auto tier = LmdbTier::open(tier_options(directory.path(), kBudget));
      for (std::uint64_t i = 0; i < 400; ++i) {
        const std::uint64_t number = (i * 3 + w * 200) % 1000;  // they overlap
        tier->put(speech_number(number, size_of(number)), kDay);
        const auto hit = tier->get(key_number(number / 2));
        if (hit && hit->audio.chars() != testing::audio_number(number / 2, size_of(number / 2))) {
          return 1;
        }
        if (i % 100 == 50) tier->erase(key_number(number));
        if (i % 150 == 75) tier->sweep();  // must spare what the others are writing
      }
      tier->flush();
      return 0;
    });
  }
  for (Child& writer : writers) EXPECT_EQ(writer.wait(), 0);
  expect_sound(directory.path(), 1000);
}

int write_for_ever(const fs::path& directory, const Pipe& begun) {
  auto tier = LmdbTier::open(tier_options(directory, kBudget));
  std::mt19937_64 random(static_cast<std::uint64_t>(::getpid()));
  begun.say();
  for (;;) {
    const std::uint64_t number = random() % 600;
    tier->put(speech_number(number, size_of(number)), kDay);
    if (number % 50 == 0) tier->erase(key_number(number));
  }
}

TEST(CacheProcesses, SixtyKilledWritersLeaveNothingBehind) {
  TempDir directory;
  std::mt19937_64 random(1);
  for (int round = 0; round < 60; ++round) {
    Pipe begun;
    Child writer([&] { return write_for_ever(directory.path(), begun); });
    ASSERT_TRUE(begun.hear());
    std::this_thread::sleep_for(std::chrono::microseconds(random() % 15'000));
    writer.kill_hard();
    ASSERT_EQ(writer.wait(), -SIGKILL);
  }
  // The next writer proceeds: it is not the dead one's lock that it waits for.
  Child next([&] {
    auto tier = LmdbTier::open(tier_options(directory.path(), kBudget));
    tier->put(speech_number(9'999), kDay);
    tier->flush();
    return testing::holds(*tier, 9'999) ? 0 : 1;
  });
  EXPECT_EQ(next.wait(), 0);
  Child judge([&] {
    expect_sound(directory.path(), 600);
    return ::testing::Test::HasFailure() ? 1 : 0;
  });
  EXPECT_EQ(judge.wait(), 0);
}

TEST(CacheProcesses, ASweepSparesTheTemporaryFilesOfTheLiving) {
  TempDir directory;
  auto tier = LmdbTier::open(tier_options(directory.path(), kBudget));
  Pipe begun;
  Child writer([&] {
    const auto token = LockFile::open(directory / "writers.lock")->lock_any();
    std::array<char, 32> name{};
    std::snprintf(name.data(), name.size(), "tmp/%016llx-0",
                  static_cast<unsigned long long>(token.offset()));
    std::ofstream(directory / name.data()) << "half of a speech";
    begun.say();
    return ::pause();
  });
  ASSERT_TRUE(begun.hear());
  std::ofstream(directory / "tmp/0000000000000001-0") << "nobody's";
  EXPECT_EQ(tier->sweep(), 1);
  EXPECT_EQ(files_below(directory / "tmp").size(), 1U);
  writer.kill_hard();
  writer.wait();
  EXPECT_EQ(tier->sweep(), 1);
}

}  // namespace
}  // namespace bhashatts::cache
