// hiredis reads what we write, and writes what we read.
#include <gtest/gtest.h>
#include <hiredis/hiredis.h>

#include <cstring>
#include <random>

#include "redis/resp.h"

namespace bhashatts::redis {
namespace {

using Random = std::mt19937;
using OracleReply = std::unique_ptr<redisReply, decltype(&freeReplyObject)>;

std::size_t below(Random& random, std::size_t bound) { return random() % bound; }

std::string some_bytes(Random& random) {
  std::string bytes(below(random, 4) == 0 ? below(random, 9'000) : below(random, 12), '\0');
  for (char& byte : bytes) byte = "\r\n\0$*:ab"[below(random, 8)];
  return bytes;
}

std::string some_line(Random& random) { return std::string(below(random, 30), 'q'); }

std::string some_reply(Random& random, std::size_t depth) {
  const std::string bytes = some_bytes(random);
  switch (below(random, depth < 6 ? 7 : 5)) {
    case 0: return "+" + some_line(random) + "\r\n";
    case 1: return "-" + some_line(random) + "\r\n";
    case 2: return ":" + std::to_string(static_cast<std::int32_t>(random())) + "\r\n";
    case 3: return "$-1\r\n";
    case 4: return "$" + std::to_string(bytes.size()) + "\r\n" + bytes + "\r\n";
    default: break;
  }
  const std::size_t size = below(random, 4);
  std::string all = "*" + std::to_string(size) + "\r\n";
  for (std::size_t i = 0; i < size; ++i) all += some_reply(random, depth + 1);
  return all;
}

bool same(const Reply& ours, const redisReply& theirs) {
  const std::string_view text(theirs.str == nullptr ? "" : theirs.str, theirs.len);
  switch (theirs.type) {
    case REDIS_REPLY_STATUS: return ours.kind == Reply::Kind::text && ours.text == text;
    case REDIS_REPLY_ERROR: return ours.kind == Reply::Kind::error && ours.text == text;
    case REDIS_REPLY_INTEGER:
      return ours.kind == Reply::Kind::integer && ours.integer == theirs.integer;
    case REDIS_REPLY_STRING: return ours.kind == Reply::Kind::bulk && ours.bulk.chars() == text;
    case REDIS_REPLY_NIL: return ours.kind == Reply::Kind::nil;
    default: break;
  }
  if (ours.kind != Reply::Kind::array || ours.array.size() != theirs.elements) return false;
  for (std::size_t i = 0; i < theirs.elements; ++i) {
    if (!same(ours.array[i], *theirs.element[i])) return false;
  }
  return true;
}

OracleReply parsed_by_oracle(const std::string& bytes) {
  const std::unique_ptr<redisReader, decltype(&redisReaderFree)> reader(redisReaderCreate(),
                                                                        &redisReaderFree);
  void* reply = nullptr;
  redisReaderFeed(reader.get(), bytes.data(), bytes.size());
  redisReaderGetReply(reader.get(), &reply);
  return {static_cast<redisReply*>(reply), &freeReplyObject};
}

Reply parsed_by_us(std::string_view bytes, Random& random) {
  Incoming incoming(1 << 24);
  while (!bytes.empty()) {
    const auto room = incoming.room();
    const std::size_t size = std::min({1 + below(random, 3'000), bytes.size(), room.size()});
    std::memcpy(room.data(), bytes.data(), size);
    incoming.received(size);
    bytes.remove_prefix(size);
  }
  auto reply = incoming.next();
  EXPECT_TRUE(incoming.clean());
  return reply.value_or(Reply{});
}

std::string bytes_of(const Command& command) {
  const Outgoing outgoing({&command, 1});
  std::string all;
  for (const iovec& part : outgoing.left()) {
    all.append(static_cast<const char*>(part.iov_base), part.iov_len);
  }
  return all;
}

TEST(RespOracle, BothReadTheSameFromAnyReply) {
  Random random(7);
  for (int i = 0; i < 3'000; ++i) {
    const std::string bytes = some_reply(random, 0);
    const OracleReply theirs = parsed_by_oracle(bytes);
    ASSERT_TRUE(theirs) << bytes;
    ASSERT_TRUE(same(parsed_by_us(bytes, random), *theirs)) << bytes;
  }
}

TEST(RespOracle, BothWriteTheSameForAnyCommand) {
  Random random(8);
  for (int i = 0; i < 1'000; ++i) {
    std::vector<std::string> words(1 + below(random, 6));
    for (std::string& word : words) word = some_bytes(random);
    std::vector<const char*> starts;
    std::vector<std::size_t> sizes;
    for (const std::string& word : words) starts.push_back(word.data());
    for (const std::string& word : words) sizes.push_back(word.size());
    char* theirs = nullptr;
    const int size = redisFormatCommandArgv(&theirs, static_cast<int>(words.size()), starts.data(),
                                            sizes.data());
    const std::string expected(theirs, static_cast<std::size_t>(size));
    redisFreeCommand(theirs);
    ASSERT_EQ(bytes_of(Command(words.begin(), words.end())), expected);
  }
}

}  // namespace
}  // namespace bhashatts::redis
