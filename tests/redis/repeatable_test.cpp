#include "redis/repeatable.h"

#include <gtest/gtest.h>

namespace bhashatts::redis {
namespace {

bool is(const Command& command) { return repeatable({&command, 1}); }

TEST(Repeatable, WhatDoesTheSameTwice) {
  EXPECT_TRUE(is({"GET", "k"}));
  EXPECT_TRUE(is({"SET", "k", "v", "PX", "5"}));
  EXPECT_TRUE(is({"PSETEX", "k", "5", "NX"}));
  EXPECT_TRUE(is({"UNLINK", "k"}));
  EXPECT_TRUE(is({"SCAN", "0"}));
}

TEST(Repeatable, NotWhatAsksWhetherSomethingIsThere) {
  EXPECT_FALSE(is({"SET", "k", "v", "NX", "PX", "5"}));
  EXPECT_FALSE(is({"SET", "k", "v", "GET"}));
  EXPECT_FALSE(is({"INCRBY", "k", "1"}));
  EXPECT_FALSE(is({"EVALSHA", "0"}));
  EXPECT_FALSE(is({"APPEND", "k", "v"}));
}

TEST(Repeatable, OnlyWhenAllAre) {
  const std::vector<Command> both{{"GET", "k"}, {"INCR", "k"}};
  EXPECT_FALSE(repeatable(both));
  EXPECT_TRUE(repeatable({&both[0], 1}));
  EXPECT_FALSE(is({}));
}

}  // namespace
}  // namespace bhashatts::redis
