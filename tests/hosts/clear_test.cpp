// clear: all that is ours, nothing that is not, and a dry run that tells the truth.
#include <algorithm>

#include "redis/redis.h"
#include "tests/hosts/hosts_fixture.h"

namespace bhashatts::testing {
namespace {

using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::SizeIs;
using ::testing::UnorderedElementsAre;

const std::vector<std::string> kTexts{"एक था राजा।", "उसकी एक बेटी थी।", "बादल गरजे।"};
const std::string kTamil = "மழை பெய்தது.";

class Clear : public HostsTest {
 protected:
  void SetUp() override {
    HostsTest::SetUp();
    if (!bucket) return;
    for (const std::string& name : kForeign) {
      bucket->store().put_if_absent(name, SharedBytes::adopt(std::string("not ours")), {});
    }
    redis::Redis client({.url = redis->url()});
    for (const std::string& key : kKeys) client.call({"SET", key, "not ours"});
  }
  // Three texts, one of them as a page of its own, one rejected once; all of it is in the bucket.
  void fill(TtsEngine& engine) {
    for (const std::string& text : kTexts) engine.synthesize({.text = text});
    engine.synthesize({.text = kTexts[0], .story_id = "राजा", .page_number = 1});
    engine.reject({.text = kTexts[1]});
    engine.synthesize({.text = kTexts[1]});
    engine.synthesize({.text = kTamil, .language = "TAMIL"});
    engine.flush();
    ASSERT_TRUE(await([&] { return engine.status().spool_entries == 0; }));
  }
  static bool has_files(const std::filesystem::path& below) {
    if (!std::filesystem::exists(below)) return false;
    const std::filesystem::recursive_directory_iterator files(below);
    return std::any_of(std::filesystem::begin(files), std::filesystem::end(files),
                       [](const auto& entry) {
                         return entry.is_regular_file() && entry.path().extension() == ".owed";
                       });
  }
  static bool same(const ClearReport& a, const ClearReport& b) {
    return a.cache_entries == b.cache_entries && a.blobs == b.blobs && a.records == b.records;
  }

  // The guide's audio lies where ours does.
  const std::vector<std::string> kForeign{"audio/others/a.wav",
                                          "audio/tts/0cc175b9c0f1b6a831c399e269772661.wav",
                                          "audio/tts/README.txt", "audio/tts2/b.flac", "story.txt"};
  const std::vector<std::string> kKeys{"celery", "other:bhashatts:audio:x", "session:1"};
};

TEST_F(Clear, AllLeavesNothingOfOursAndTouchesNothingElse) {
  auto engine = open("red");
  fill(engine);
  const auto promised = engine.clear({.cache_only = false, .dry_run = true});
  const auto done = engine.clear({.cache_only = false});
  EXPECT_TRUE(same(promised, done));
  EXPECT_GT(done.cache_entries, 0);
  EXPECT_THAT(bucket->names(), ::testing::ElementsAreArray(kForeign));
  EXPECT_THAT(keys_in_redis(), ::testing::ElementsAreArray(kKeys));
  const Stats stats = engine.stats();
  EXPECT_EQ(stats.total_entries, 0);
  for (const auto& tier : stats.tiers) EXPECT_EQ(tier.stats.entries, 0) << tier.tier;
  for (const std::string& text : kTexts) EXPECT_FALSE(engine.lookup({.text = text}));
  const auto nothing = engine.clear({.cache_only = false, .dry_run = true});
  EXPECT_TRUE(same(nothing, ClearReport{}));
}

TEST_F(Clear, AllTakesWhatIsStillOwed) {
  bucket->kill();
  settings["s3_timeout_ms"] = "500";
  auto engine = open("red");
  engine.synthesize({.text = kTexts[0]});
  bucket->start();
  engine.clear({.cache_only = false});
  EXPECT_EQ(engine.status().spool_entries, 0);
  engine.close();
  EXPECT_FALSE(has_files(data("red")));
  EXPECT_THAT(bucket->names(), ::testing::ElementsAreArray(kForeign));
}

TEST_F(Clear, DryRunChangesNothing) {
  auto engine = open("red");
  fill(engine);
  const auto objects = bucket->names();
  const auto keys = keys_in_redis();
  for (const bool cache_only : {true, false}) {
    engine.clear({.cache_only = cache_only, .dry_run = true});
  }
  EXPECT_EQ(bucket->names(), objects);
  EXPECT_EQ(keys_in_redis(), keys);
  EXPECT_EQ(engine.synthesize({.text = kTexts[0]}).origin(), Origin::memory);
}

TEST_F(Clear, CacheOnlyLeavesTheLibrary) {
  auto engine = open("red");
  fill(engine);
  const auto objects = bucket->names();
  const std::size_t paid = calls().total();
  const auto promised = engine.clear({.dry_run = true});
  const auto done = engine.clear({});
  EXPECT_TRUE(same(promised, done));
  EXPECT_EQ(done.blobs + done.records, 0);
  EXPECT_EQ(bucket->names(), objects);
  EXPECT_THAT(keys_in_redis(), ::testing::ElementsAreArray(kKeys));
  for (const std::string& text : kTexts) {
    EXPECT_EQ(engine.synthesize({.text = text}).origin(), Origin::blob);
  }
  EXPECT_EQ(calls().total(), paid);
}

TEST_F(Clear, OfOneLanguageLeavesTheOthers) {
  auto engine = open("red");
  fill(engine);
  const auto promised = engine.clear({.cache_only = false, .language = "TAMIL", .dry_run = true});
  const auto done = engine.clear({.cache_only = false, .language = "TAMIL"});
  EXPECT_TRUE(same(promised, done));
  EXPECT_EQ(done.blobs, 1);
  EXPECT_FALSE(engine.lookup({.text = kTamil, .language = "TAMIL"}));
  for (const std::string& text : kTexts) EXPECT_TRUE(engine.lookup({.text = text}));
  EXPECT_THAT(bucket->masters(), SizeIs(3));
}

TEST_F(Clear, AllOfOneNamespaceLeavesTheOther) {
  auto mine = open("red", {{"namespace", "mine/"}});
  auto yours = open("green", {{"namespace", "yours/"}});
  fill(mine);
  fill(yours);
  const auto objects = bucket->names("yours/");
  mine.clear({.cache_only = false});
  EXPECT_THAT(bucket->names("mine/"), IsEmpty());
  EXPECT_EQ(bucket->names("yours/"), objects);
  for (const std::string& key : keys_in_redis()) {
    EXPECT_FALSE(key.starts_with("mine/")) << key;
  }
  EXPECT_TRUE(yours.lookup({.text = kTexts[0]}));
}

}  // namespace
}  // namespace bhashatts::testing
