#include "net/curl_session.h"

#include <new>
#include <utility>

#include "bhashatts/error.h"

namespace bhashatts::net {
namespace {

constexpr long kConnectionsOfASession = 4;  // to that many servers

}  // namespace

void start_curl() {
  static const CURLcode started = curl_global_init(CURL_GLOBAL_DEFAULT);
  if (started != CURLE_OK) throw Error(ErrorCode::internal, "the HTTP library does not start");
}

CurlSession::CurlSession()
    : multi(curl_multi_init(), &curl_multi_cleanup), easy(curl_easy_init(), &curl_easy_cleanup) {
  if (!multi || !easy) throw std::bad_alloc();
  curl_multi_setopt(multi.get(), CURLMOPT_MAXCONNECTS, kConnectionsOfASession);
}

std::unique_ptr<CurlSession> SessionPool::idle_or_new() {
  {
    MutexLock lock(mutex_);
    if (!idle_.empty()) {
      auto session = std::move(idle_.back());
      idle_.pop_back();
      return session;
    }
  }
  return std::make_unique<CurlSession>();
}

void SessionPool::give_back(std::unique_ptr<CurlSession> session) noexcept {
  MutexLock lock(mutex_);
  try {
    idle_.push_back(std::move(session));
  } catch (const std::bad_alloc&) {  // then its connections end here
  }
}

}  // namespace bhashatts::net
