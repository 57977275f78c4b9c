// A host that begins with an empty data directory serves what others made, and pays for nothing.
#include "base/hash.h"
#include "cache/redis_tier.h"
#include "redis/redis.h"
#include "tests/hosts/hosts_fixture.h"

namespace bhashatts::testing {
namespace {

using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::vector<std::string> kTexts{"एक था राजा।", "उसकी एक बेटी थी।", "बादल गरजे और मोर नाच उठा।"};
const std::string kPage = "चिड़िया उड़ी।\n\nपेड़ पर जा बैठी।\n\nफिर वह गाने लगी।";

class FreshHost : public HostsTest {
 protected:
  static std::vector<std::string> library(TtsEngine& engine) {
    std::vector<std::string> audios;
    for (const std::string& text : kTexts) {
      audios.push_back(bytes_of(engine.synthesize({.text = text})));
    }
    for (const AudioFormat format : {AudioFormat::wav, AudioFormat::flac, AudioFormat::opus}) {
      audios.push_back(bytes_of(engine.synthesize(
          {.text = kPage, .format = format, .story_id = "चिड़िया", .page_number = 1})));
    }
    return audios;
  }
  void serves_what_another_made(const Settings& fresh) {
    counted.max_aksharas = 12;
    auto first = open("first");
    const auto audios = library(first);
    ASSERT_EQ(calls().total(), 6U);  // the page has three utterances
    const std::size_t paid = calls().total();
    first.close();
    auto second = open("second", fresh);
    EXPECT_EQ(library(second), audios);
    EXPECT_EQ(calls().total(), paid);
    EXPECT_THAT(second.status().warnings, IsEmpty());
    EXPECT_EQ(second.stats().total_cost_micro_usd, 0);
  }
};

TEST_F(FreshHost, ServesTheLibraryFromRedis) { serves_what_another_made({}); }

TEST_F(FreshHost, ServesTheLibraryFromTheBucketAlone) {
  without_redis();
  serves_what_another_made({});
}

TEST_F(FreshHost, WithoutRedisServesWhatHostsWithRedisMade) {
  serves_what_another_made({{"redis_url", ""}});
}

TEST_F(FreshHost, FindsWithoutMaking) {
  std::string made;
  {
    auto first = open("first");
    made = bytes_of(first.synthesize({.text = kTexts[0]}));
  }
  redis->kill();
  auto second = open("second");
  const auto found = second.lookup({.text = kTexts[0]});
  ASSERT_TRUE(found);
  EXPECT_EQ(bytes_of(*found), made);
  EXPECT_EQ(found->origin(), Origin::blob);
  EXPECT_FALSE(second.lookup({.text = kTexts[1]}));
  EXPECT_EQ(calls().total(), 1U);
}

// Where another host's audio comes from is not asked again: the second time it is near.
TEST_F(FreshHost, AsksTheBucketOnce) {
  open("first").synthesize({.text = kTexts[0]});
  redis->kill();
  auto second = open("second");
  EXPECT_EQ(second.synthesize({.text = kTexts[0]}).origin(), Origin::blob);
  bucket->kill();
  EXPECT_EQ(second.synthesize({.text = kTexts[0]}).origin(), Origin::memory);
  second.flush();
  second.close();
  EXPECT_EQ(open("second").synthesize({.text = kTexts[0]}).origin(), Origin::lmdb);
  EXPECT_EQ(calls().total(), 1U);
}

// A tier's damage is the tier's own: what was paid for lies whole in the bucket.
TEST_F(FreshHost, IsNotMisledByAHalfMasterInRedis) {
  const auto first = open("first").synthesize({.text = kTexts[0]});
  const std::string name = bucket->masters().at(0);
  const auto whole = bucket->store().get(name);
  ASSERT_TRUE(whole);
  const SharedBytes half =
      SharedBytes::adopt(std::string(whole->chars().substr(0, whole->size() / 2)));
  AudioMetadata metadata = first.metadata();
  metadata.key = *Key::from_hex(std::filesystem::path(name).stem().string());
  metadata.format = AudioFormat::flac;
  metadata.size_bytes = half.size();
  metadata.checksum = xxh3_64(half.span());
  const auto client = std::make_shared<redis::Redis>(redis::RedisOptions{.url = redis->url()});
  cache::make_redis_tier(client, "")
      ->put({half, std::make_shared<const AudioMetadata>(metadata)}, std::chrono::seconds(60));
  auto second = open("second");
  EXPECT_EQ(second.synthesize({.text = kTexts[0], .format = AudioFormat::flac}).origin(),
            Origin::blob);
  EXPECT_THAT(bucket->masters(), SizeIs(1));
  EXPECT_EQ(calls().total(), 1U);
}

}  // namespace
}  // namespace bhashatts::testing
