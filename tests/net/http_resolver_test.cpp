// A resolver that never answers. This program's getaddrinfo stands in for the C library's, also for
// libcurl, which calls it in a thread of its own.
#include <netdb.h>

#include <condition_variable>
#include <mutex>
#include <stop_token>
#include <thread>

#include "tests/net/http_fixture.h"

namespace {

std::mutex mutex;
std::condition_variable changed;
int asked = 0;
int answered = 0;
bool silent = true;

}  // namespace

extern "C" int getaddrinfo(const char*, const char*, const addrinfo*, addrinfo**) {
  std::unique_lock lock(mutex);
  ++asked;
  changed.notify_all();
  changed.wait(lock, [] { return !silent; });
  ++answered;
  changed.notify_all();
  return EAI_AGAIN;
}

namespace bhashatts::net {
namespace {

using namespace std::chrono_literals;

class SilentResolver : public Http {
 protected:
  ~SilentResolver() override {
    std::unique_lock lock(mutex);
    silent = false;
    changed.notify_all();
    changed.wait(lock, [] { return asked == answered; });
    silent = true;
  }
};

TEST_F(SilentResolver, IsNotAwaitedBeyondTheDeadline) {
  HttpRequest request = post("http://voice.invalid/", "x");
  request.deadline = in(100ms);
  const TransportError error = failure(request);
  EXPECT_EQ(error.code(), ErrorCode::upstream_timeout);
  EXPECT_FALSE(error.sent());
}

TEST_F(SilentResolver, IsNotAwaitedAfterAStop) {
  std::stop_source source;
  HttpRequest request = post("http://voice.invalid/", "x");
  request.stop = source.get_token();
  std::thread other([&] {
    std::unique_lock lock(mutex);
    changed.wait(lock, [] { return asked > answered; });
    source.request_stop();
  });
  const TransportError error = failure(request);
  other.join();
  EXPECT_EQ(error.code(), ErrorCode::cancelled);
  EXPECT_FALSE(error.sent());
}

TEST_F(SilentResolver, DoesNotHinderOtherCalls) {
  server_.push(ScriptedReply::text(200, "x"));
  HttpRequest request = get("http://voice.invalid/");
  request.deadline = in(50ms);
  EXPECT_EQ(failure(request).code(), ErrorCode::upstream_timeout);
  EXPECT_EQ(client_->send(get(server_.url())).body, "x");
}

}  // namespace
}  // namespace bhashatts::net
