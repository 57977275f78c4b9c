// Options with time enough for a machine that is busy with other tests, and small ways to ask.
#pragma once

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <thread>
#include <utility>

#include "redis/redis.h"

namespace bhashatts::redis::testing {

inline constexpr std::chrono::milliseconds kPatient{5'000};

inline RedisOptions patient(std::string url) {
  RedisOptions options;
  options.url = std::move(url);
  options.connect_timeout = kPatient;
  options.command_timeout = kPatient;
  return options;
}

inline std::shared_ptr<Redis> patient_redis(std::string url) {
  return std::make_shared<Redis>(patient(std::move(url)));
}

inline std::string bulk(Redis& redis, const Command& command) {
  return std::string(redis.call(command).bulk.chars());
}

// A field of INFO, as text.
inline std::string info(Redis& redis, std::string_view field) {
  const std::string all = bulk(redis, {"INFO", "all"});
  const std::size_t at = all.find(std::string(field) + ":");
  if (at == std::string::npos) return {};
  const std::size_t begin = at + field.size() + 1;
  return all.substr(begin, all.find('\r', begin) - begin);
}

inline std::string noise(std::size_t size) {
  std::string bytes(size, '\0');
  std::uint32_t state = 2'463'534'242U;
  for (char& byte : bytes) {
    state ^= state << 13U;
    state ^= state >> 17U;
    state ^= state << 5U;
    byte = static_cast<char>(state);
  }
  return bytes;
}

// Whether it comes true before a bound that only a broken program reaches.
template <typename Condition>
bool comes_true(const Condition& condition, std::chrono::seconds bound = std::chrono::seconds(20)) {
  const auto end = std::chrono::steady_clock::now() + bound;
  while (!condition()) {
    if (std::chrono::steady_clock::now() > end) return false;
    std::this_thread::sleep_for(std::chrono::milliseconds(5));
  }
  return true;
}

inline bool works(Redis& redis) {
  try {
    return redis.call({"PING"}).text == "PONG";
  } catch (const Error&) {
    return false;
  }
}

}  // namespace bhashatts::redis::testing
