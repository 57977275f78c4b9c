// Settings of the store that are wrong: said clearly, and nothing is lost until they are right.
#include "tests/hosts/hosts_fixture.h"

namespace bhashatts::testing {
namespace {

using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::SizeIs;

const std::string kText = "एक था राजा।";

class StoreSettings : public HostsTest {
 protected:
  // Speech is served, and kept; status says what is wrong.
  void serves_with(const Settings& wrong, const std::string& told) {
    auto engine = open("host", wrong);
    EXPECT_THAT(engine.status().warnings, Contains(HasSubstr(told)));
    EXPECT_EQ(engine.synthesize({.text = kText}).origin(), Origin::synthesized);
    EXPECT_EQ(engine.synthesize({.text = kText}).origin(), Origin::memory);
    // Then from the upload that failed, and without asking again.
    EXPECT_TRUE(await([&] {
      return ::testing::Value(engine.status().warnings, Contains(HasSubstr("owed to it")));
    }));
    const Status status = engine.status();
    EXPECT_EQ(status.spool_entries, 1);
    EXPECT_EQ(status.health, Health::degraded);
    EXPECT_THAT(status.warnings, Contains(HasSubstr(told)));
  }
  void uploads_with_the_right_ones() {
    auto engine = open("host");
    EXPECT_TRUE(await([&] { return engine.status().spool_entries == 0; }));
    EXPECT_THAT(engine.status().warnings, IsEmpty());
    EXPECT_THAT(bucket->masters(), SizeIs(1));
    EXPECT_EQ(calls().total(), 1U);
  }
};

TEST_F(StoreSettings, WithAWrongSecretAreToldAndMended) {
  serves_with({{"aws_secret_access_key", "wrong"}}, "AWS_SECRET_ACCESS_KEY");
  EXPECT_THAT(bucket->names(), IsEmpty());
  uploads_with_the_right_ones();
}

TEST_F(StoreSettings, WithAWrongKeyAreToldAndMended) {
  serves_with({{"aws_access_key_id", "AKIDNOBODY"}}, "AWS_ACCESS_KEY_ID");
  uploads_with_the_right_ones();
}

// What is owed to one bucket is not paid to another: it waits, and status says so.
TEST_F(StoreSettings, WithAWrongBucketAreToldAndTheDebtWaits) {
  serves_with({{"aws_storage_bucket_name", "no-such-bucket"}}, "AWS_STORAGE_BUCKET_NAME");
  {
    auto engine = open("host");
    engine.synthesize({.text = kText});
    EXPECT_THAT(engine.status().warnings, Contains(HasSubstr("spool")));
  }
  bucket->make_bucket("no-such-bucket");
  {
    auto engine = open("host", {{"aws_storage_bucket_name", "no-such-bucket"}});
    EXPECT_TRUE(await([&] { return engine.status().spool_entries == 0; }));
  }
  EXPECT_THAT(open("host").status().warnings, IsEmpty());
  EXPECT_EQ(calls().total(), 1U);
}

TEST_F(StoreSettings, WithoutTheBucketTellOfWhatIsStillOwedToIt) {
  bucket->kill();
  open("host").synthesize({.text = kText});
  EXPECT_THAT(open("host", {{"audio_storage_backend", ""}}).status().warnings,
              Contains(HasSubstr("spool")));
}

TEST_F(StoreSettings, WithAFullSpoolRefuseNewWorkAndServeOn) {
  settings["spool_max_bytes"] = "30000";  // one or two speeches
  settings["s3_timeout_ms"] = "300";
  bucket->kill();
  auto engine = open("host");
  std::size_t made = 0;
  const auto say = [&](std::size_t n) {
    return code_of([&] { engine.synthesize({.text = kText + std::to_string(n)}); });
  };
  while (made < 20 && say(made) == ErrorCode::ok) ++made;
  EXPECT_GT(made, 0U);
  EXPECT_LT(made, 20U);
  EXPECT_EQ(say(made), ErrorCode::storage_full);
  EXPECT_EQ(calls().total(), made);
  EXPECT_EQ(engine.synthesize({.text = kText + "0"}).origin(), Origin::memory);
  EXPECT_THAT(engine.status().warnings, Contains(HasSubstr("the spool is full")));
  bucket->start();
  EXPECT_TRUE(await([&] { return say(made) == ErrorCode::ok; }));
  engine.close();
  EXPECT_THAT(bucket->masters(), SizeIs(made + 1));
}

}  // namespace
}  // namespace bhashatts::testing
