#include <gtest/gtest.h>

#include "net/http.h"

namespace bhashatts::net {
namespace {

TEST(HttpReply, FindsTheFirstHeaderOfAName) {
  HttpReply reply;
  reply.headers = {{"a", "1"}, {"b", "2"}, {"a", "3"}};
  EXPECT_EQ(reply.header("a"), "1");
  EXPECT_EQ(reply.header("c"), "");
}

TEST(HttpReply, KnowsTheUpstreamsNameForTheCall) {
  HttpReply reply;
  reply.headers = {{"x-amz-cf-id", "cloud"}};
  EXPECT_EQ(reply.request_id(), "cloud");
  reply.headers.push_back({"x-amzn-trace-id", "trace"});
  EXPECT_EQ(reply.request_id(), "trace");
  reply.headers.push_back({"x-request-id", "Root=1-abc;def"});
  EXPECT_EQ(reply.request_id(), "Root=1-abc;def");
  EXPECT_EQ(HttpReply().request_id(), "");
}

TEST(HttpReply, KeepsOfThatNameWhatIsFitForALog) {
  HttpReply reply;
  reply.headers = {{"x-request-id", "\x01\xFF \t"},
                   {"x-amzn-trace-id",
                    "a\nb\x7F"
                    "c"}};
  EXPECT_EQ(reply.request_id(), "abc");
  reply.headers = {{"x-request-id", std::string(1'000, 'i')}};
  EXPECT_EQ(reply.request_id(), std::string(200, 'i'));
}

}  // namespace
}  // namespace bhashatts::net
