// Servers that answer in crumbs, by halves, or with what is no answer.
#include <gtest/gtest.h>

#include <atomic>

#include "redis/redis.h"
#include "tests/redis/redis_help.h"
#include "tests/support/raised.h"
#include "tests/support/stream_server.h"

namespace bhashatts::redis {
namespace {

using bhashatts::testing::LoopbackStream;
using bhashatts::testing::raised;
using bhashatts::testing::StreamServer;
using testing::bulk;

constexpr std::string_view kValue = "$5\r\nvalue\r\n";

// One command of ours a read: they are short, and wait for their answer.
bool hear(LoopbackStream& stream) {
  std::string heard;
  return stream.read(heard);
}

RedisOptions options_for(const StreamServer& server) {
  return testing::patient("redis://" + server.host());
}

std::string value_or_error(Redis& redis) {
  try {
    return bulk(redis, {"GET", "k"});
  } catch (const Error&) {
    return "error";
  }
}

TEST(WireFaults, AnAnswerMayComeByteByByte) {
  StreamServer server([](LoopbackStream& stream, std::size_t) {
    while (hear(stream)) {
      for (const char byte : kValue) stream.write({&byte, 1});
    }
  });
  Redis redis(options_for(server));
  for (int i = 0; i < 3; ++i) EXPECT_EQ(bulk(redis, {"GET", "k"}), "value");
  EXPECT_EQ(server.connections(), 1U);
}

TEST(WireFaults, GarbageIsAnErrorAndItsConnectionGoes) {
  StreamServer server([](LoopbackStream& stream, std::size_t) {
    hear(stream);
    stream.write("HTTP/1.1 400 Bad Request\r\n\r\n");
    stream.wait_until_peer_leaves();
  });
  Redis redis(options_for(server));
  raised(ErrorCode::upstream_failed, [&] { redis.call({"GET", "k"}); });
  EXPECT_TRUE(redis.trouble());
}

TEST(WireFaults, HalfAnAnswerIsNeverTheNextCallsAnswer) {
  StreamServer server([](LoopbackStream& stream, std::size_t number) {
    if (number == 0 && hear(stream)) stream.write("$100\r\nhalf");
    if (number == 0) return stream.wait_until_peer_leaves();
    while (hear(stream)) stream.write(kValue);
  });
  RedisOptions options = options_for(server);
  options.command_timeout = std::chrono::milliseconds(100);
  Redis redis(options);
  raised(ErrorCode::upstream_timeout, [&] { redis.call({"GET", "k"}); });
  EXPECT_TRUE(testing::comes_true([&] { return value_or_error(redis) == "value"; }));
}

TEST(WireFaults, AnAnswerBrokenOffIsNotAskedForAgain) {
  StreamServer server([](LoopbackStream& stream, std::size_t) {
    hear(stream);
    stream.write(kValue);
    hear(stream);
    stream.write("$5\r\nva");
  });
  Redis redis(options_for(server));
  EXPECT_EQ(bulk(redis, {"GET", "k"}), "value");
  raised(ErrorCode::unreachable, [&] { redis.call({"GET", "k"}); });
}

// The server reads the second command and ends without a word: it may have carried it out.
void end_at_second_command(LoopbackStream& stream, std::size_t number) {
  hear(stream);
  stream.write(kValue);
  if (number == 0) {
    hear(stream);
    return;
  }
  while (hear(stream)) stream.write(kValue);
}

TEST(WireFaults, AConnectionThatEndsAtOnceIsReplacedForWhatMayBeRepeated) {
  StreamServer server(end_at_second_command);
  Redis redis(options_for(server));
  EXPECT_EQ(bulk(redis, {"GET", "k"}), "value");
  EXPECT_EQ(bulk(redis, {"GET", "k"}), "value");
  EXPECT_EQ(server.connections(), 2U);
}

TEST(WireFaults, ButNotForWhatMayNot) {
  StreamServer server(end_at_second_command);
  Redis redis(options_for(server));
  EXPECT_EQ(bulk(redis, {"GET", "k"}), "value");
  raised(ErrorCode::unreachable, [&] { redis.call({"INCR", "k"}); });
}

TEST(WireFaults, ANewConnectionIsNotReplaced) {
  StreamServer server([](LoopbackStream& stream, std::size_t) { hear(stream); });
  Redis redis(options_for(server));
  raised(ErrorCode::unreachable, [&] { redis.call({"GET", "k"}); });
}

TEST(WireFaults, WhatNobodyAskedForEndsTheConnection) {
  StreamServer server([](LoopbackStream& stream, std::size_t) {
    while (hear(stream)) stream.write("$5\r\nvalue\r\n+more\r\n");
  });
  Redis redis(options_for(server));
  raised(ErrorCode::upstream_failed, [&] { redis.call({"GET", "k"}); });
}

// What comes after the next question was sent cannot be told from its answer: RESP numbers nothing.
TEST(WireFaults, WhatWasSaidWhileNobodyAskedIsNotAnAnswer) {
  std::atomic<bool> said{false};
  StreamServer server([&](LoopbackStream& stream, std::size_t number) {
    hear(stream);
    stream.write(kValue);
    if (number == 0) said = stream.write("$5\r\nwrong\r\n");
    while (hear(stream)) stream.write(kValue);
  });
  Redis redis(options_for(server));
  EXPECT_NE(value_or_error(redis), "wrong");  // an error where both came at once
  ASSERT_TRUE(testing::comes_true([&] { return said.load(); }));
  std::string second;
  EXPECT_TRUE(testing::comes_true([&] {
    second = value_or_error(redis);
    return second != "error";
  }));
  EXPECT_EQ(second, "value");
  EXPECT_GT(server.connections(), 1U);
}

TEST(WireFaults, AnAnswerWithoutEndIsGivenUp) {
  StreamServer server([](LoopbackStream& stream, std::size_t) {
    hear(stream);
    stream.write("*2147483647\r\n");
    std::string many;
    for (int i = 0; i < 20'000; ++i) many += ":1\r\n";
    while (stream.write(many)) {
    }
  });
  Redis redis(options_for(server));
  EXPECT_THROW(redis.call({"GET", "k"}), Error);
}

}  // namespace
}  // namespace bhashatts::redis
