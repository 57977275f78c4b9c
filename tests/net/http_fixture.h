// A client without the host's proxies, and what its calls come to.
#pragma once

#include <gtest/gtest.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "net/http.h"
#include "net/http_client.h"
#include "tests/support/environment.h"
#include "tests/support/loopback_server.h"

namespace bhashatts::net {

using testing::LoopbackServer;
using testing::ReceivedRequest;
using testing::ScriptedReply;

inline std::chrono::steady_clock::time_point in(std::chrono::milliseconds time) {
  return std::chrono::steady_clock::now() + time;
}

// Five seconds are never waited for: what should not come in time has a deadline of its own.
inline HttpRequest get(std::string url) {
  HttpRequest request;
  request.url = std::move(url);
  request.deadline = in(std::chrono::seconds(5));
  return request;
}

inline HttpRequest post(std::string url, std::string_view body) {
  HttpRequest request = get(std::move(url));
  request.method = "POST";
  request.body = body;
  return request;
}

class Http : public ::testing::Test {
 protected:
  // What sending it raises.
  TransportError failure(const HttpRequest& request) { return failure(*client_, request); }
  static TransportError failure(Transport& client, const HttpRequest& request) {
    try {
      const HttpReply reply = client.send(request);
      ADD_FAILURE() << "a reply came, with status " << reply.status;
    } catch (const TransportError& error) {
      return error;
    }
    return TransportError(Error(ErrorCode::ok, "nothing was raised"), false, {});
  }

  testing::ScopedEnvironment environment_{{}};
  LoopbackServer server_;
  std::shared_ptr<Transport> client_ = make_http_client();
};

}  // namespace bhashatts::net
