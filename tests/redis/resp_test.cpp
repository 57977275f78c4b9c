#include "redis/resp.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

#include "tests/redis/redis_help.h"
#include "tests/support/raised.h"

namespace bhashatts::redis {
namespace {

using bhashatts::testing::raised;

constexpr std::uint64_t kMost = 1 << 20;

// What Outgoing sends when every call takes at most `piece` bytes.
std::string sent(std::span<const Command> commands, std::string_view tail, std::size_t piece) {
  Outgoing outgoing(commands, tail);
  std::string all;
  while (!outgoing.done()) {
    const iovec part = outgoing.left().front();
    const std::size_t size = std::min(piece, part.iov_len);
    all.append(static_cast<const char*>(part.iov_base), size);
    outgoing.sent(size);
  }
  return all;
}

// Feeds the bytes in pieces, as a socket would.
std::vector<Reply> read(std::string_view bytes, std::size_t piece, Incoming& incoming) {
  std::vector<Reply> replies;
  while (!bytes.empty()) {
    const std::span<std::byte> room = incoming.room();
    const std::size_t size = std::min({piece, bytes.size(), room.size()});
    std::memcpy(room.data(), bytes.data(), size);
    incoming.received(size);
    bytes.remove_prefix(size);
    while (auto reply = incoming.next()) replies.push_back(*std::move(reply));
  }
  return replies;
}

std::string shown(const Reply& reply) {
  switch (reply.kind) {
    case Reply::Kind::text: return "+" + reply.text;
    case Reply::Kind::error: return "-" + reply.text;
    case Reply::Kind::integer: return ":" + std::to_string(reply.integer);
    case Reply::Kind::bulk: return "$" + std::string(reply.bulk.chars());
    case Reply::Kind::nil: return "nil";
    case Reply::Kind::array: break;
  }
  std::string all = "[";
  for (const Reply& element : reply.array) all += shown(element) + " ";
  return all + "]";
}

std::string read_shown(std::string_view bytes, std::size_t piece) {
  Incoming incoming(kMost);
  std::string all;
  for (const Reply& reply : read(bytes, piece, incoming)) all += shown(reply) + "\n";
  return all + (incoming.clean() ? "." : "...");
}

std::string refused(std::string_view bytes) {
  return raised(ErrorCode::upstream_failed, [&] { read_shown(bytes, bytes.size()); });
}

TEST(Outgoing, WritesTheWordsOfACommandWithTheirLengths) {
  const Command command{"SET", "k", std::string_view("\0\r\n", 3)};
  EXPECT_EQ(sent({&command, 1}, {}, 1000),
            std::string_view("*3\r\n$3\r\nSET\r\n$1\r\nk\r\n$3\r\n\0\r\n\r\n", 29));
}

TEST(Outgoing, SendsTheSameBytesHoweverFewAreTakenAtATime) {
  const std::string big = testing::noise(5'000);
  const std::vector<Command> commands{
      {"GET", "a"}, {"SET", "b", big}, {"PSETEX", "c", "1", "head"}};
  const std::string whole = sent(commands, big, SIZE_MAX);
  for (std::size_t piece = 1; piece < 40; ++piece) EXPECT_EQ(sent(commands, big, piece), whole);
  EXPECT_TRUE(whole.ends_with("$5004\r\nhead" + big + "\r\n"));
}

TEST(Outgoing, LeavesABigWordWhereItIs) {
  const std::string big = testing::noise(100'000);
  const Command command{"SET", "k", big};
  const Outgoing outgoing({&command, 1});
  ASSERT_EQ(outgoing.left().size(), 3U);
  EXPECT_EQ(outgoing.left()[1].iov_base, big.data());
  EXPECT_EQ(outgoing.left()[1].iov_len, big.size());
}

TEST(Outgoing, HandsOutNoMorePartsThanTheKernelTakes) {
  const std::string big = testing::noise(2'000);
  const Command command(3'000, big);
  Outgoing outgoing({&command, 1});
  EXPECT_LE(outgoing.left().size(), 1024U);
  EXPECT_EQ(sent({&command, 1}, {}, SIZE_MAX).size(), 7U + 3'000U * (2'000U + 7U + 2U));
}

TEST(Incoming, ReadsEveryKindOfReplyHoweverItIsCut) {
  const std::string all =
      "+OK\r\n-ERR no\r\n:-42\r\n$5\r\na\r\nbc\r\n$0\r\n\r\n$-1\r\n*-1\r\n*0\r\n"
      "*3\r\n:1\r\n*2\r\n$1\r\nx\r\n$-1\r\n+y\r\n";
  const std::string whole = read_shown(all, all.size());
  EXPECT_TRUE(whole.ends_with("[:1 [$x nil ] +y ]\n.")) << whole;
  for (std::size_t piece = 1; piece < all.size(); ++piece) EXPECT_EQ(read_shown(all, piece), whole);
}

TEST(Incoming, SplitsAtEveryByteWithoutAChange) {
  const std::string bytes = "*2\r\n$3\r\nabc\r\n:7\r\n+OK\r\n$2\r\n\r\n\r\n";
  const std::string whole = read_shown(bytes, bytes.size());
  EXPECT_EQ(whole, "[$abc :7 ]\n+OK\n$\r\n\n.");
  for (std::size_t cut = 1; cut < bytes.size(); ++cut) {
    Incoming incoming(kMost);
    std::string all;
    for (const auto& half : {bytes.substr(0, cut), bytes.substr(cut)}) {
      for (const Reply& reply : read(half, half.size(), incoming)) all += shown(reply) + "\n";
    }
    EXPECT_EQ(all + ".", whole) << cut;
    EXPECT_TRUE(incoming.clean());
  }
}

TEST(Incoming, ReceivesABigBulkInTheMemoryThatItStaysIn) {
  const std::string value = testing::noise(500'000);
  Incoming incoming(kMost);
  EXPECT_TRUE(read("$500000\r\n", 9, incoming).empty());
  const std::byte* const place = incoming.room().data();
  EXPECT_EQ(incoming.room().size(), value.size() + 2);
  const auto replies = read(value + "\r\n", SIZE_MAX, incoming);
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_EQ(replies[0].bulk.data(), place);
  EXPECT_EQ(replies[0].bulk.chars(), value);
}

TEST(Incoming, KeepsAValueAliveAfterItIsGone) {
  auto incoming = std::make_unique<Incoming>(kMost);
  const auto replies = read("$3\r\nabc\r\n", 4, *incoming);
  incoming.reset();
  ASSERT_EQ(replies.size(), 1U);
  EXPECT_EQ(replies[0].bulk.chars(), "abc");
}

TEST(Incoming, IsNotCleanWithAPartOfAReplyInIt) {
  for (const char* part : {"+", "$", "$3\r\nab", "*1\r\n", "*2\r\n:1\r\n"}) {
    EXPECT_EQ(read_shown(part, 100), "...") << part;
  }
}

TEST(Incoming, RefusesWhatIsNoRedis) {
  for (const char* bytes :
       {"HTTP/1.1 400 Bad Request\r\n", "\r\n", "+OK\n", "$x\r\n", "$\r\n", "$-2\r\n", ":1.5\r\n",
        "*-7\r\n", "$3\r\nabcde", "$99999999999999999999\r\n", ": 1\r\n", "$1\r\nab\r"}) {
    EXPECT_NE(refused(bytes).find("no Redis"), std::string::npos) << bytes;
  }
}

TEST(Incoming, RefusesALineWithoutAnEnd) {
  EXPECT_NE(refused("+" + std::string(100'000, 'x')).find("no Redis"), std::string::npos);
}

TEST(Incoming, RefusesArraysNestedTooDeep) {
  std::string bytes;
  for (std::size_t i = 0; i < kDeepest; ++i) bytes += "*1\r\n";
  EXPECT_EQ(read_shown(bytes + ":1\r\n", 3).substr(0, 9), "[[[[[[[[:");
  EXPECT_NE(refused(bytes + "*1\r\n").find("no Redis"), std::string::npos);
}

TEST(Incoming, RefusesMoreThanItWasToldToTakeBeforeItMakesRoom) {
  EXPECT_NE(refused("$1048577\r\n").find("larger"), std::string::npos);
  EXPECT_NE(refused("$9223372036854775807\r\n").find("larger"), std::string::npos);
}

TEST(Incoming, CountsTheElementsOfAnArrayAgainstItsBound) {
  Incoming incoming(kMost);
  EXPECT_TRUE(read("*2147483647\r\n", 100, incoming).empty());  // announced is not sent
  std::string elements;
  for (std::size_t i = 0; i < kMost / sizeof(Reply) + 1; ++i) elements += ":1\r\n";
  EXPECT_THROW(read(elements, SIZE_MAX, incoming), Error);
}

TEST(Incoming, CountsEachReplyForItself) {
  Incoming incoming(100);
  for (int i = 0; i < 50; ++i)
    EXPECT_EQ(read("$60\r\n" + std::string(60, 'x') + "\r\n", 7, incoming).size(), 1U);
  EXPECT_TRUE(incoming.clean());
}

}  // namespace
}  // namespace bhashatts::redis
