// An object store on the loopback with the habits of R2: no ACLs, one write a second of one name,
// no "100 Continue", no chunks, and a clock of its own. It checks every signature over what came,
// with our own signer: what curl made of the request is what was signed.
//
// Thread rule: any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/mutex.h"
#include "base/waiter.h"
#include "blob/s3_store.h"
#include "tests/support/loopback_server.h"

namespace bhashatts::testing {

class R2Stub {
 public:
  static constexpr std::int64_t kStart = 1'369'353'600;  // Fri, 24 May 2013 00:00:00 GMT

  blob::S3Options options() const;
  std::string origin() const { return server_.origin(); }
  std::size_t connections() const { return server_.connections(); }
  std::size_t calls() const { return server_.calls(); }

  // Its clock moves when somebody waits, and not otherwise.
  void pass(std::chrono::milliseconds time) { clock_ms_ += time.count(); }
  std::int64_t unix_seconds() const { return clock_ms_ / 1'000; }
  bool has(const std::string& path) const;

 private:
  ScriptedReply answer(const ReceivedRequest& request);
  ScriptedReply write(const std::string& path, const ReceivedRequest& request);
  ScriptedReply read(const std::string& path) const;

  mutable Mutex mutex_;
  std::map<std::string, std::string> objects_ GUARDED_BY(mutex_);
  std::map<std::string, std::int64_t> tried_ms_ GUARDED_BY(mutex_);  // last write of a name
  std::atomic<std::int64_t> clock_ms_{kStart * 1'000};
  LoopbackServer server_{[this](const ReceivedRequest& request) { return answer(request); }};
};

// Waiting for the stub's clock takes no time.
class R2Waiter final : public Waiter {
 public:
  explicit R2Waiter(R2Stub& stub) : stub_(stub) {}
  std::chrono::steady_clock::time_point now() const override {
    return std::chrono::steady_clock::now();
  }
  void wait(std::chrono::milliseconds time, const std::stop_token& /*stop*/) override {
    stub_.pass(time);
    ++waits;
  }

  std::atomic<int> waits{0};

 private:
  R2Stub& stub_;
};

}  // namespace bhashatts::testing
