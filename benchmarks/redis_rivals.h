// What redis_bench.cpp and redis_rounds.cpp measure: our Redis client, and what a careful program
// does with hiredis.
//
// Thread rule: Ours any thread; a Hiredis belongs to one.
#pragma once

#include <benchmark/benchmark.h>
#include <hiredis/hiredis.h>

#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <memory>
#include <string>
#include <string_view>

#include "redis/redis.h"

namespace bhashatts::bench {

class Hiredis {
 public:
  explicit Hiredis(const std::string& socket)
      : context_(redisConnectUnix(socket.c_str()), &redisFree) {
    if (!context_ || context_->err != 0) std::abort();
  }
  explicit Hiredis(std::uint16_t port) : context_(redisConnect("127.0.0.1", port), &redisFree) {
    if (!context_ || context_->err != 0) std::abort();
  }
  void get(const std::string& key, std::size_t size) {
    const char* words[] = {"GET", key.data()};
    const std::size_t sizes[] = {3, key.size()};
    const auto reply = call(2, words, sizes);
    if (reply->len != size) std::abort();
    benchmark::DoNotOptimize(reply->str);
  }
  void set(const std::string& key, std::string_view value) {
    const char* words[] = {"SET", key.data(), value.data()};
    const std::size_t sizes[] = {3, key.size(), value.size()};
    if (call(3, words, sizes)->type != REDIS_REPLY_STATUS) std::abort();
  }

 private:
  using Reply = std::unique_ptr<redisReply, decltype(&freeReplyObject)>;
  Reply call(int count, const char** words, const std::size_t* sizes) {
    void* const reply = redisCommandArgv(context_.get(), count, words, sizes);
    if (reply == nullptr) std::abort();
    return {static_cast<redisReply*>(reply), &freeReplyObject};
  }

  std::unique_ptr<redisContext, decltype(&redisFree)> context_;
};

class Ours {
 public:
  explicit Ours(const std::string& url) : redis_(options(url)) {}
  void get(const std::string& key, std::size_t size) {
    const auto reply = redis_.call({"GET", key});
    if (reply.bulk.size() != size) std::abort();
    benchmark::DoNotOptimize(reply.bulk.data());
  }
  void set(const std::string& key, std::string_view value) {
    if (redis_.call({"SET", key, value}).text != "OK") std::abort();
  }

 private:
  static redis::RedisOptions options(const std::string& url) {
    redis::RedisOptions options;
    options.url = url;
    options.connect_timeout = options.command_timeout = std::chrono::seconds(10);
    options.max_idle_connections = 32;
    return options;
  }
  redis::Redis redis_;
};

}  // namespace bhashatts::bench
