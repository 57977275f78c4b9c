// curl's handles, kept from one exchange to the next because open connections, resolved names and
// loaded certificates live in them.
//
// A session is a multi handle with one easy handle: only curl_multi_poll can be woken from another
// thread, which is what ends an exchange at once when it is cancelled. One multi handle for all
// would need a thread of its own and a queue; a share handle may not share connections between
// threads.
//
// Thread rule: a session belongs to one thread at a time; the pool is for all threads.
#pragma once

#include <curl/curl.h>

#include <memory>
#include <vector>

#include "base/mutex.h"

namespace bhashatts::net {

// curl_global_init, once in a process and its children; raises internal where that fails.
void start_curl();

struct CurlSession {
  CurlSession();

  // In this order: the easy handle goes first.
  std::unique_ptr<CURLM, decltype(&curl_multi_cleanup)> multi;
  std::unique_ptr<CURL, decltype(&curl_easy_cleanup)> easy;
  // Not used again: libcurl 7.88 refuses options to a handle whose name could not be resolved, and
  // what else a failure leaves behind is not worth finding out.
  bool spoilt = false;
};

class SessionPool {
 public:
  class Lease {
   public:
    Lease(SessionPool& pool, std::unique_ptr<CurlSession> session)
        : pool_(pool), session_(std::move(session)) {}
    Lease(const Lease&) = delete;
    Lease& operator=(const Lease&) = delete;
    ~Lease() {
      if (!session_->spoilt) pool_.give_back(std::move(session_));
    }
    CurlSession& operator*() const { return *session_; }

   private:
    SessionPool& pool_;
    std::unique_ptr<CurlSession> session_;
  };

  Lease take() { return Lease(*this, idle_or_new()); }

 private:
  std::unique_ptr<CurlSession> idle_or_new() EXCLUDES(mutex_);
  void give_back(std::unique_ptr<CurlSession> session) noexcept EXCLUDES(mutex_);

  Mutex mutex_;
  // The last one used goes out first: its connections are the likeliest to be open still.
  std::vector<std::unique_ptr<CurlSession>> idle_ GUARDED_BY(mutex_);
};

}  // namespace bhashatts::net
