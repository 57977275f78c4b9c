#include "cache/lmdb_tier.h"

#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "base/files.h"
#include "tests/cache/tier_help.h"
#include "tests/support/temp_dir.h"

namespace bhashatts::cache {
namespace {

namespace fs = std::filesystem;
using testing::bytes_below;
using testing::files_below;
using testing::holds;
using testing::kDay;
using testing::key_number;
using testing::speech_number;
using testing::TempDir;
using testing::tier_options;

class LmdbTierTest : public ::testing::Test {
 protected:
  std::unique_ptr<LmdbTier> open(std::int64_t max_bytes = 64 << 20) {
    return LmdbTier::open(tier_options(directory_.path(), max_bytes));
  }
  fs::path only_audio_file() { return files_below(directory_ / "audio").at(0); }

  TempDir directory_;
};

TEST_F(LmdbTierTest, ServesWhatWasPutAlsoAfterReopening) {
  open()->put(speech_number(1), kDay);
  auto tier = open();
  const auto hit = tier->get(key_number(1));
  ASSERT_TRUE(hit);
  EXPECT_EQ(hit->audio.chars(), testing::audio_number(1, 1000));
  EXPECT_EQ(*hit->metadata, *speech_number(1).metadata);
  EXPECT_FALSE(tier->get(key_number(2)));
  EXPECT_EQ(tier->stats().entries, 1);
  EXPECT_EQ(tier->stats().size_bytes, 1000);
}

TEST_F(LmdbTierTest, TellsTheWriterWhenItIsMapped) {
  auto tier = open();
  std::promise<std::optional<CacheEntry>> told;
  const CacheEntry speech = speech_number(1, 5000);
  tier->put(speech, kDay, [&](std::optional<CacheEntry> entry) { told.set_value(entry); });
  const auto entry = told.get_future().get();
  ASSERT_TRUE(entry);
  EXPECT_NE(entry->audio.data(), speech.audio.data());
  EXPECT_EQ(entry->audio.chars(), speech.audio.chars());
}

TEST_F(LmdbTierTest, AnEvictedFileStaysReadableForItsHolder) {
  auto tier = open();
  tier->put(speech_number(1), kDay);
  tier->flush();
  const auto hit = tier->get(key_number(1));
  tier->erase(key_number(1));
  EXPECT_TRUE(files_below(directory_ / "audio").empty());
  EXPECT_EQ(hit->audio.chars(), testing::audio_number(1, 1000));
  EXPECT_FALSE(tier->get(key_number(1)));
  EXPECT_EQ(tier->stats().size_bytes, 0);
}

TEST_F(LmdbTierTest, AnExpiredEntryIsAMissAndIsRemoved) {
  auto tier = open();
  tier->put(speech_number(1), std::chrono::seconds(0));
  tier->put(speech_number(2), std::chrono::seconds(0));
  tier->flush();
  EXPECT_FALSE(tier->get(key_number(1)));
  tier->flush();
  EXPECT_EQ(tier->stats().entries, 1);
  EXPECT_EQ(tier->sweep(), 1);
  EXPECT_TRUE(files_below(directory_ / "audio").empty());
}

TEST_F(LmdbTierTest, AFlippedByteIsNeverServed) {
  open()->put(speech_number(1), kDay);
  testing::flip_byte(only_audio_file(), 500);
  auto tier = open();
  EXPECT_FALSE(tier->get(key_number(1)));
  EXPECT_EQ(tier->stats().errors, 1);
  tier->flush();
  EXPECT_EQ(tier->stats().entries, 0);
  EXPECT_TRUE(files_below(directory_ / "audio").empty());
}

TEST_F(LmdbTierTest, ACutFileIsNeverServed) {
  open()->put(speech_number(1), kDay);
  fs::resize_file(only_audio_file(), 999);
  EXPECT_FALSE(open()->get(key_number(1)));
}

TEST_F(LmdbTierTest, AMissingFileIsAMissAndCanBePutAgain) {
  auto tier = open();
  tier->put(speech_number(1), kDay);
  tier->flush();
  fs::remove(only_audio_file());
  EXPECT_FALSE(tier->get(key_number(1)));
  tier->put(speech_number(1), kDay);
  tier->flush();
  EXPECT_TRUE(holds(*tier, 1));
  EXPECT_EQ(tier->stats().size_bytes, 1000);
}

TEST_F(LmdbTierTest, PuttingAgainReplacesAudioAndFile) {
  auto tier = open();
  tier->put(speech_number(1), kDay);
  CacheEntry other = speech_number(2, 700);
  auto metadata = *other.metadata;
  metadata.key = key_number(1);
  other.metadata = std::make_shared<const AudioMetadata>(metadata);
  tier->put(other, kDay);
  tier->flush();
  EXPECT_EQ(tier->get(key_number(1))->audio.chars(), other.audio.chars());
  EXPECT_EQ(files_below(directory_ / "audio").size(), 1U);
  EXPECT_EQ(tier->stats().size_bytes, 700);
}

TEST_F(LmdbTierTest, ClearsOneLanguageOrAll) {
  auto tier = open();
  for (std::uint64_t i = 0; i < 300; ++i) {
    tier->put(speech_number(i, 100, i % 3 == 0 ? "TAMIL" : "HINDI"), kDay);
  }
  EXPECT_EQ(tier->clear({.language = "TAMIL", .count_only = true}), 100);
  EXPECT_EQ(tier->stats().entries, 300);
  EXPECT_EQ(tier->clear({.language = "TAMIL", .count_only = false}), 100);
  EXPECT_FALSE(tier->get(key_number(0)));
  EXPECT_TRUE(holds(*tier, 1, 100));
  EXPECT_EQ(tier->clear(CacheFilter{}), 200);
  EXPECT_TRUE(files_below(directory_ / "audio").empty());
  EXPECT_EQ(tier->stats().size_bytes, 0);
}

TEST_F(LmdbTierTest, PointsAtTheBlobStoreInsteadOfCopying) {
  TempDir blobs;
  auto options = tier_options(directory_.path());
  options.blob_path = [&](const AudioMetadata& metadata) {
    return (blobs / metadata.key.hex()).string();
  };
  const CacheEntry speech = speech_number(1, 10 << 20);  // more than would be admitted
  write_new_file(blobs / key_number(1).hex(), speech.audio.span(), Sync::none);
  auto tier = LmdbTier::open(options);
  tier->put(speech, kDay);
  tier->put(speech_number(2), kDay);  // not among the blobs
  tier->flush();
  EXPECT_EQ(files_below(directory_ / "audio").size(), 1U);
  EXPECT_EQ(tier->get(key_number(1))->audio.chars(), speech.audio.chars());
  EXPECT_EQ(tier->stats().size_bytes, 1000);
  tier->clear(CacheFilter{});
  EXPECT_TRUE(fs::exists(blobs / key_number(1).hex()));
}

TEST_F(LmdbTierTest, RefusesAudioThatIsNotWhatItsMetadataSays) {
  auto tier = open();
  CacheEntry liar = speech_number(1);
  liar.audio = SharedBytes::adopt(std::string("short"));
  bool told = false;
  tier->put(liar, kDay, [&](const std::optional<CacheEntry>& entry) { told = !entry; });
  tier->flush();
  EXPECT_TRUE(told);
  EXPECT_EQ(tier->stats().errors, 1);
  EXPECT_FALSE(tier->get(key_number(1)));
}

TEST_F(LmdbTierTest, VerifyFindsAndRemovesWhatIsWrong) {
  auto tier = open();
  for (std::uint64_t i = 0; i < 20; ++i) tier->put(speech_number(i), kDay);
  tier->flush();
  const auto files = files_below(directory_ / "audio");
  testing::flip_byte(files[0], 10);
  fs::resize_file(files[1], 5);
  fs::remove(files[2]);
  std::vector<std::string> found;
  const auto note = [&](const Key&, const std::string& what) { found.push_back(what); };
  EXPECT_EQ(tier->verify(false, note), 20);
  EXPECT_EQ(found.size(), 3U);
  EXPECT_EQ(tier->stats().entries, 20);
  tier->verify(true, note);
  EXPECT_EQ(found.size(), 6U);
  EXPECT_EQ(tier->stats().entries, 17);
  tier->verify(true, note);
  EXPECT_EQ(found.size(), 6U);
}

TEST_F(LmdbTierTest, SweepRemovesWhatNoEntryNames) {
  auto tier = open();
  tier->put(speech_number(1), kDay);
  tier->flush();
  const fs::path good = only_audio_file();
  std::ofstream(good.parent_path() / "stray.txt") << "x";
  fs::copy_file(good, good.parent_path() / (key_number(9).hex() + ".0123456789abcdef.opus"));
  std::ofstream(directory_ / "tmp/00000000000000aa-1") << "of a dead writer";
  std::ofstream(directory_ / "tmp/whatever") << "x";
  EXPECT_EQ(tier->sweep(), 4);
  EXPECT_EQ(files_below(directory_ / "audio").size(), 1U);
  EXPECT_TRUE(files_below(directory_ / "tmp").empty());
  EXPECT_TRUE(holds(*tier, 1));
}

TEST_F(LmdbTierTest, ReadOnlyServesAndKeepsNothing) {
  open()->put(speech_number(1), kDay);
  auto options = tier_options(directory_.path());
  options.read_only = true;
  auto tier = LmdbTier::open(options);
  EXPECT_TRUE(holds(*tier, 1));
  bool told = false;
  tier->put(speech_number(2), kDay, [&](const std::optional<CacheEntry>& e) { told = !e; });
  EXPECT_TRUE(told);
  EXPECT_FALSE(tier->get(key_number(2)));
  tier->erase(key_number(1));
  EXPECT_TRUE(holds(*tier, 1));
}

TEST_F(LmdbTierTest, ReadOnlyWithoutAnIndexIsEmpty) {
  auto options = tier_options(directory_ / "nothing");
  options.read_only = true;
  auto tier = LmdbTier::open(options);
  EXPECT_FALSE(tier->get(key_number(1)));
  EXPECT_FALSE(fs::exists(directory_ / "nothing"));
}

TEST_F(LmdbTierTest, ManyThreadsPutAndGet) {
  auto tier = open();
  std::vector<std::thread> threads;
  std::atomic<int> wrong{0};
  for (std::uint64_t t = 0; t < 4; ++t) {
    threads.emplace_back([&, t] {
      for (std::uint64_t i = 0; i < 100; ++i) {
        tier->put(speech_number(t * 100 + i), kDay);
        const auto hit = tier->get(key_number(i));
        if (hit && hit->audio.chars() != testing::audio_number(i, 1000)) ++wrong;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  tier->flush();
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(tier->stats().entries, 400);
  EXPECT_EQ(bytes_below(directory_ / "audio"), tier->stats().size_bytes);
}

}  // namespace
}  // namespace bhashatts::cache
