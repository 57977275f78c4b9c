// A name server that answers when the test lets it. This program's getaddrinfo stands in for the C
// library's.
#include "redis/resolver.h"

#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netdb.h>
#include <netinet/in.h>

#include <chrono>
#include <cstdlib>
#include <string>

#include "base/mutex.h"
#include "bhashatts/error.h"
#include "tests/support/raised.h"

namespace {

bhashatts::Mutex mutex;
bhashatts::CondVar changed;
int asked GUARDED_BY(mutex) = 0;
bool silent GUARDED_BY(mutex) = true;
int answer GUARDED_BY(mutex) = 0;

addrinfo* loopback() {
  auto* const info = static_cast<addrinfo*>(std::calloc(1, sizeof(addrinfo) + sizeof(sockaddr_in)));
  auto* const address = reinterpret_cast<sockaddr_in*>(info + 1);
  address->sin_family = AF_INET;
  address->sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  info->ai_addr = reinterpret_cast<sockaddr*>(address);
  info->ai_addrlen = sizeof(sockaddr_in);
  return info;
}

}  // namespace

extern "C" int getaddrinfo(const char* host, const char* /*service*/, const addrinfo* hints,
                           addrinfo** found) {
  if (host == std::string("127.0.0.1")) {
    *found = loopback();
    return 0;
  }
  if ((hints->ai_flags & AI_NUMERICHOST) != 0) return EAI_NONAME;
  const bhashatts::MutexLock lock(mutex);
  ++asked;
  while (silent) changed.wait(mutex);
  if (answer == 0) *found = loopback();
  return answer;
}

extern "C" void freeaddrinfo(addrinfo* info) { std::free(info); }

namespace bhashatts::redis {
namespace {

using bhashatts::testing::raised;

using Time = std::chrono::steady_clock::time_point;

Time soon() { return std::chrono::steady_clock::now() + std::chrono::milliseconds(50); }
Time late() { return std::chrono::steady_clock::now() + std::chrono::seconds(20); }

void let(bool be_silent, int failure = 0) {
  const MutexLock lock(mutex);
  silent = be_silent;
  answer = failure;
  changed.notify_all();
}

int times_asked() {
  const MutexLock lock(mutex);
  return asked;
}

TEST(RedisResolver, AsksNobodyForNumbers) {
  const int before = times_asked();
  EXPECT_EQ(Resolver("127.0.0.1", 6379).resolve(soon()).size(), 1U);
  EXPECT_EQ(times_asked(), before);
}

TEST(RedisResolver, GivesUpInTimeAndUsesWhatTheLookUpBringsLater) {
  let(true);
  const int before = times_asked();
  Resolver resolver("cache.invalid", 6379);
  for (int i = 0; i < 3; ++i) {
    raised(ErrorCode::upstream_timeout, [&] { resolver.resolve(soon()); });
  }
  let(false);
  EXPECT_EQ(resolver.resolve(late()).size(), 1U);
  EXPECT_EQ(times_asked(), before + 1);
  EXPECT_EQ(resolver.resolve(late()).size(), 1U);
  EXPECT_EQ(times_asked(), before + 2);
}

TEST(RedisResolver, SaysThatANameIsNotKnown) {
  let(false, EAI_NONAME);
  Resolver resolver("cache.invalid", 6379);
  const std::string message = raised(ErrorCode::unreachable, [&] { resolver.resolve(late()); });
  EXPECT_EQ(message.find("cache.invalid"), std::string::npos);
  let(false);
  EXPECT_EQ(resolver.resolve(late()).size(), 1U);
}

}  // namespace
}  // namespace bhashatts::redis
