// Disks that are full or may not be written to.
#include <gtest/gtest.h>
#include <sched.h>
#include <sys/mount.h>

#include <vector>

#include "cache/lmdb_tier.h"
#include "tests/cache/tier_help.h"
#include "tests/support/child.h"
#include "tests/support/temp_dir.h"

namespace bhashatts::cache {
namespace {

namespace fs = std::filesystem;
using testing::Child;
using testing::files_below;
using testing::holds;
using testing::kDay;
using testing::key_number;
using testing::speech_number;
using testing::TempDir;
using testing::tier_options;

constexpr int kNotAllowed = 77;

// In a child with a mount name space of its own, which takes the mount along when it ends.
bool may_mount() {
  return ::unshare(CLONE_NEWNS) == 0 &&
         ::mount(nullptr, "/", nullptr, MS_REC | MS_PRIVATE, nullptr) == 0;
}

TEST(CacheDisk, AFullIndexMapMakesRoomAndGoesOn) {
  TempDir directory;
  auto options = tier_options(directory.path());
  options.map_bytes = 128 << 10;
  auto tier = LmdbTier::open(options);
  for (std::uint64_t i = 0; i < 400; ++i) tier->put(speech_number(i, 50), kDay);
  tier->flush();
  tier->put(speech_number(1000), kDay);
  tier->flush();
  EXPECT_TRUE(holds(*tier, 1000));
  tier->sweep();
  EXPECT_EQ(static_cast<std::int64_t>(files_below(directory / "audio").size()),
            tier->stats().entries);
  EXPECT_TRUE(files_below(directory / "tmp").empty());
}

TEST(CacheDisk, AMapTooSmallForAnythingKeepsNothingAndSaysSo) {
  TempDir directory;
  auto options = tier_options(directory.path());
  options.map_bytes = 48 << 10;
  auto tier = LmdbTier::open(options);
  int kept = 0;
  int refused = 0;
  for (std::uint64_t i = 0; i < 50; ++i) {
    tier->put(speech_number(i), kDay,
              [&](const std::optional<CacheEntry>& entry) { ++(entry ? kept : refused); });
  }
  tier->flush();
  EXPECT_EQ(kept + refused, 50);
  EXPECT_GT(refused, 0);
  EXPECT_GT(tier->stats().errors, 0);
  tier->sweep();
  EXPECT_EQ(static_cast<std::int64_t>(files_below(directory / "audio").size()),
            tier->stats().entries);
}

TEST(CacheDisk, AFullDiskKeepsNothingMoreAndGoesOnServing) {
  TempDir directory;
  Child child([&] {
    if (!may_mount() ||
        ::mount("tmpfs", directory.path().c_str(), "tmpfs", 0, "size=1m,mode=700") != 0) {
      return kNotAllowed;
    }
    auto tier = LmdbTier::open(tier_options(directory.path()));
    std::vector<std::uint64_t> kept;
    for (std::uint64_t i = 0; i < 40; ++i) {
      tier->put(speech_number(i, 60'000), kDay, [&, i](const std::optional<CacheEntry>& entry) {
        if (entry) kept.push_back(i);
      });
    }
    tier->flush();
    if (kept.empty() || kept.size() > 17) return 1;  // a megabyte
    // What was said to be kept is: a full disk is no reason to evict.
    for (const std::uint64_t number : kept) {
      if (!holds(*tier, number, 60'000)) return 4;
    }
    if (tier->stats().evictions != 0) return 5;
    tier->sweep();
    const auto files = static_cast<std::int64_t>(files_below(directory / "audio").size());
    if (files != tier->stats().entries || !files_below(directory / "tmp").empty()) return 2;
    tier->erase(key_number(kept.front()));
    tier->put(speech_number(50, 50'000), kDay);  // there is room again
    tier->flush();
    return holds(*tier, 50, 50'000) ? 0 : 3;
  });
  const int status = child.wait();
  if (status == kNotAllowed) GTEST_SKIP() << "may not mount a tmpfs here";
  EXPECT_EQ(status, 0);
}

TEST(CacheDisk, AReadOnlyMountIsServedFrom) {
  TempDir directory;
  Child child([&] {
    const std::string path = directory.path().string();
    if (!may_mount() || ::mount("tmpfs", path.c_str(), "tmpfs", 0, "size=16m") != 0) {
      return kNotAllowed;
    }
    Child writer([&] {  // what is open for writing would keep the mount writable
      LmdbTier::open(tier_options(path))->put(speech_number(1), kDay);
      return 0;
    });
    writer.wait();
    if (::mount(nullptr, path.c_str(), nullptr, MS_REMOUNT | MS_RDONLY, nullptr) != 0) return 1;
    auto options = tier_options(path);
    options.read_only = true;
    auto tier = LmdbTier::open(options);
    tier->put(speech_number(2), kDay);
    return holds(*tier, 1) && !tier->get(key_number(2)) ? 0 : 2;
  });
  const int status = child.wait();
  if (status == kNotAllowed) GTEST_SKIP() << "may not mount a tmpfs here";
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace bhashatts::cache
