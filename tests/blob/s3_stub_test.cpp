// The store over real HTTP, against a server with the habits of R2.
#include <gtest/gtest.h>

#include <thread>
#include <vector>

#include "net/http_client.h"
#include "tests/blob/r2_stub.h"
#include "tests/support/log_lines.h"
#include "tests/support/raised.h"

namespace bhashatts::blob {
namespace {

using testing::LogLines;

class S3Stub : public ::testing::Test {
 protected:
  std::shared_ptr<blob::S3Store> store(const S3Options& with, std::int64_t clock_error = 0) {
    return make_s3_store(
        with, net::make_http_client(),
        {.waiter = &waiter_,
         .jitter = [] { return 0.5; },
         .unix_seconds = [this, clock_error] { return stub_.unix_seconds() + clock_error; }});
  }
  static SharedBytes bytes(std::string text) { return SharedBytes::adopt(std::move(text)); }

  testing::R2Stub stub_;
  testing::R2Waiter waiter_{stub_};
  LogLines lines_;
};

TEST_F(S3Stub, KeepsOneConnectionForAllCalls) {
  const auto where = store(stub_.options());
  EXPECT_EQ(where->put_if_absent("a b+c/%.flac", bytes("sound"), {"audio/flac", "00ff", 7}),
            PutOutcome::stored);
  EXPECT_EQ(where->get("a b+c/%.flac")->chars(), "sound");
  EXPECT_FALSE(where->get("b"));
  EXPECT_TRUE(stub_.has("/tales/a%20b%2Bc/%25.flac"));
  EXPECT_EQ(stub_.connections(), 1U);
}

TEST_F(S3Stub, StoresAllTheSameWhereAclsAreNotImplemented) {
  S3Options with = stub_.options();
  with.acl = "public-read";
  EXPECT_EQ(store(with)->put_if_absent("a", bytes("x"), {}), PutOutcome::stored);
  EXPECT_EQ(lines_.count("AWS_DEFAULT_ACL"), 1);
}

// Over 1 MB, where curl by itself would ask first and wait for an answer that never comes.
TEST_F(S3Stub, NeverAsksWhetherItMayContinue) {
  const std::string big(std::size_t{3} << 20, 'x');
  const auto where = store(stub_.options());
  EXPECT_EQ(where->put_if_absent("big", bytes(big), {}), PutOutcome::stored);
  EXPECT_TRUE(where->get("big")->chars() == big);
}

TEST_F(S3Stub, SignsWithTheServersTimeWhereItsOwnIsTenMinutesOff) {
  for (const int clock_error : {-600, 600}) {
    const auto where = store(stub_.options(), clock_error);
    const std::string name = "a" + std::to_string(clock_error);
    EXPECT_EQ(where->put_if_absent(name, bytes("x"), {}), PutOutcome::stored);
    const auto calls = stub_.calls();
    EXPECT_EQ(where->get(name)->chars(), "x");
    EXPECT_EQ(stub_.calls(), calls + 1);
  }
  EXPECT_EQ(lines_.count("clock differs"), 2);
}

TEST_F(S3Stub, OfManyWritersOfOneNameOneIsToldThatItsIsStored) {
  std::vector<std::thread> threads;
  std::atomic<int> stored{0};
  std::atomic<int> there{0};
  for (int i = 0; i < 12; ++i) {
    threads.emplace_back([&] {
      const auto own = store(stub_.options());
      const auto told = own->put_if_absent("a", bytes("x"), {});
      ++(told == PutOutcome::stored ? stored : there);
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(stored, 1);
  EXPECT_EQ(there, 11);
}

TEST_F(S3Stub, AWrongSecretIsToldAtOnce) {
  S3Options with = stub_.options();
  with.secret_access_key = "wrong";
  const auto message = testing::raised(ErrorCode::storage_failed, [&] { store(with)->check(); });
  EXPECT_NE(message.find("AWS_SECRET_ACCESS_KEY"), std::string::npos);
  EXPECT_EQ(stub_.calls(), 1U);
}

}  // namespace
}  // namespace bhashatts::blob
