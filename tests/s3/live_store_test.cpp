#include <algorithm>

#include "tests/s3/live_s3.h"
#include "tests/support/raised.h"

namespace bhashatts::blob {
namespace {

using testing::raised;

class LiveStore : public testing::LiveS3 {};

TEST_F(LiveStore, KeepsFindsAndForgets) {
  const std::string sound = noise(60'000);
  EXPECT_FALSE(store_->get("a/b.flac"));
  EXPECT_FALSE(store_->info("a/b.flac"));
  EXPECT_EQ(store_->put_if_absent("a/b.flac", bytes(sound), {"audio/flac", "", 0}),
            PutOutcome::stored);
  EXPECT_EQ(store_->get("a/b.flac")->chars(), sound);
  EXPECT_EQ(store_->info("a/b.flac")->size_bytes, sound.size());
  EXPECT_EQ(names("a/"), std::vector<std::string>{"a/b.flac"});
  store_->remove("a/b.flac");
  store_->remove("a/b.flac");
  EXPECT_FALSE(store_->get("a/b.flac"));
  EXPECT_TRUE(names("").empty());
}

TEST_F(LiveStore, KeepsAnEmptyObject) {
  EXPECT_EQ(store_->put_if_absent("a/empty", bytes(""), {}), PutOutcome::stored);
  EXPECT_EQ(store_->get("a/empty")->size(), 0U);
  EXPECT_EQ(store_->put_if_absent("a/empty", bytes("x"), {}), PutOutcome::already_there);
}

TEST_F(LiveStore, TellsWhoeverReadsItWhatItIs) {
  store_->put_if_absent("a.flac", bytes("sound"), {"audio/flac", "00ff", 1'234});
  S3Options with = options_;
  with.sign_urls = true;
  const auto reply = fetch(make_s3_store(with, transport_)->url("a.flac"));
  EXPECT_EQ(reply.status, 200);
  EXPECT_EQ(reply.body, "sound");
  EXPECT_EQ(reply.header("content-type"), "audio/flac");
  EXPECT_EQ(reply.header("cache-control"), "public, max-age=31536000, immutable");
  EXPECT_EQ(reply.header("x-amz-meta-identity"), "00ff");
  EXPECT_EQ(reply.header("x-amz-meta-duration-ms"), "1234");
}

TEST_F(LiveStore, UrlsAreForWhomTheyWereSignedOnly) {
  store_->put_if_absent("a b+c%.flac", bytes("sound"), {});
  S3Options with = options_;
  with.sign_urls = true;
  std::string url = make_s3_store(with, transport_)->url("a b+c%.flac");
  EXPECT_EQ(fetch(url).body, "sound");
  EXPECT_EQ(fetch(store_->url("a b+c%.flac")).status, 403);
  url.back() = url.back() == '0' ? '1' : '0';
  EXPECT_EQ(fetch(url).status, 403);
}

TEST_F(LiveStore, ListsAndRemovesTwoAndAHalfThousand) {
  std::vector<std::string> all;
  for (int i = 0; i < 2'500; ++i) all.push_back("many/" + std::to_string(10'000 + i));
  std::vector<std::thread> writers;
  for (std::size_t t = 0; t < 8; ++t) {
    writers.emplace_back([&, t] {
      for (std::size_t i = t; i < all.size(); i += 8) store_->put_if_absent(all[i], bytes("x"), {});
    });
  }
  for (auto& writer : writers) writer.join();
  store_->put_if_absent("more", bytes("x"), {});
  auto listed = names("many/");
  std::sort(listed.begin(), listed.end());
  EXPECT_EQ(listed, all);
  int seen = 0;
  store_->list("many/", [&](const BlobInfo&) { return ++seen < 7; });
  EXPECT_EQ(seen, 7);
  all.push_back("was/never/there");
  store_->remove_all(all);
  EXPECT_EQ(names(""), std::vector<std::string>{"more"});
}

TEST_F(LiveStore, SaysWhatIsWrongWithItsSettings) {
  const auto told = [&](const S3Options& with) {
    const auto wrong = make_s3_store(with, transport_);
    const auto message = raised(ErrorCode::storage_failed, [&] { wrong->check(); });
    EXPECT_EQ(raised(ErrorCode::storage_failed, [&] { wrong->get("a"); }), message);
    EXPECT_EQ(raised(ErrorCode::storage_failed, [&] { wrong->put_if_absent("a", bytes("x"), {}); }),
              message);
    return message;
  };
  EXPECT_NO_THROW(store_->check());
  S3Options with = options_;
  with.secret_access_key += "x";
  EXPECT_NE(told(with).find("AWS_SECRET_ACCESS_KEY"), std::string::npos);
  with = options_;
  with.access_key_id = "AKIDOTHER";
  EXPECT_NE(told(with).find("AWS_ACCESS_KEY_ID"), std::string::npos);
  with = options_;
  with.bucket = "no-such-tales";
  EXPECT_NE(told(with).find("AWS_STORAGE_BUCKET_NAME"), std::string::npos);
}

// Ours is wrong by an hour, and the server says so by its Date.
TEST_F(LiveStore, SignsWithTheTimeOfTheServer) {
  S3Surroundings around;
  around.unix_seconds = [] { return std::time(nullptr) - 3'600; };
  const auto late = make_s3_store(options_, transport_, around);
  EXPECT_EQ(late->put_if_absent("a", bytes("x"), {}), PutOutcome::stored);
  EXPECT_EQ(late->get("a")->chars(), "x");
}

}  // namespace
}  // namespace bhashatts::blob
