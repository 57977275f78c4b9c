#include "redis/error_reply.h"

#include <gtest/gtest.h>

namespace bhashatts::redis {
namespace {

Reply saying(const std::string& text) {
  Reply reply;
  reply.kind = Reply::Kind::error;
  reply.text = text;
  return reply;
}

struct Case {
  const char* text;
  ErrorCode code;
  bool retryable;
};

constexpr Case kCases[] = {
    {"NOAUTH Authentication required.", ErrorCode::unauthorized, false},
    {"WRONGPASS invalid username-password pair", ErrorCode::unauthorized, false},
    {"NOPERM this user has no permissions", ErrorCode::unauthorized, false},
    {"LOADING Redis is loading the dataset in memory", ErrorCode::unreachable, true},
    {"BUSY Redis is busy running a script.", ErrorCode::unreachable, true},
    {"ERR max number of clients reached", ErrorCode::unreachable, true},
    {"OOM command not allowed when used memory > 'maxmemory'.", ErrorCode::storage_full, true},
    {"READONLY You can't write against a read only replica.", ErrorCode::storage_read_only, false},
    {"MISCONF Redis is configured to save RDB snapshots", ErrorCode::storage_failed, true},
    {"MOVED 3999 127.0.0.1:6381", ErrorCode::not_supported, false},
    {"ERR DB index is out of range", ErrorCode::config_invalid, false},
    {"WRONGTYPE Operation against a key", ErrorCode::upstream_failed, false},
    {"OOMPH", ErrorCode::upstream_failed, false},
    {"", ErrorCode::upstream_failed, false},
};

TEST(ErrorReply, GivesEachKindItsCode) {
  for (const Case& one : kCases) {
    const Error error = error_of(saying(one.text));
    EXPECT_EQ(name(error.code()), name(one.code)) << one.text;
    EXPECT_EQ(error.retryable(), one.retryable) << one.text;
    EXPECT_EQ(error.detail(), one.text);
  }
}

TEST(ErrorReply, TellsWhatIsWrongWithTheServerFromWhatIsWrongWithACommand) {
  EXPECT_TRUE(concerns_server(saying("LOADING x")));
  EXPECT_TRUE(concerns_server(saying("NOAUTH x")));
  EXPECT_FALSE(concerns_server(saying("OOM x")));
  EXPECT_FALSE(concerns_server(saying("NOPERM x")));
  EXPECT_FALSE(concerns_server(saying("READONLY x")));
  EXPECT_FALSE(concerns_server(saying("ERR unknown command")));
}

TEST(ErrorReply, ALoginRefusedInAnyWordsIsUnauthorized) {
  Reply reply;
  reply.kind = Reply::Kind::error;
  reply.text = "ERR something new about passwords";
  EXPECT_EQ(refused_login(reply).code(), ErrorCode::unauthorized);
  reply.text = "LOADING soon";
  EXPECT_EQ(refused_login(reply).code(), ErrorCode::unreachable);
}

TEST(ErrorReply, RaisesOnlyForErrors) {
  Reply reply;
  reply.kind = Reply::Kind::text;
  reply.text = "OK";
  EXPECT_EQ(checked(reply).text, "OK");
  reply.kind = Reply::Kind::error;
  EXPECT_THROW(checked(reply), Error);
}

}  // namespace
}  // namespace bhashatts::redis
