// A network that answers as a test scripts it, without one.
//
// Thread rule: one thread.
#pragma once

#include <deque>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>
#include <variant>
#include <vector>

#include "net/http.h"

namespace bhashatts::testing {

struct SentRequest {
  std::string method;
  std::string url;
  std::vector<net::Header> headers;
  std::string body;
  std::string token;
  net::Redirects redirects = net::Redirects::refuse;
  std::chrono::steady_clock::time_point deadline;
  std::size_t max_response_bytes = 0;

  // The first of that name, as written; empty when there is none.
  std::string header(std::string_view name) const {
    for (const auto& header : headers) {
      if (header.name == name) return header.value;
    }
    return {};
  }
};

class FakeTransport final : public net::Transport {
 public:
  // The next exchange's answer; header names in lower case.
  void answer(int status, std::string body, std::vector<net::Header> headers = {}) {
    net::HttpReply reply;
    reply.status = status;
    reply.body = std::move(body);
    reply.headers = std::move(headers);
    reply.elapsed = elapsed;
    reply.trace_id = "trace-1";
    script_.emplace_back(std::move(reply));
  }
  void fail(ErrorCode code, bool was_sent, std::string message = "it went wrong",
            bool retryable = true) {
    script_.emplace_back(
        net::TransportError(Error(code, std::move(message), retryable), was_sent, elapsed));
  }

  net::HttpReply send(const net::HttpRequest& request) override {
    sent.push_back({std::string(request.method), request.url, request.headers,
                    std::string(request.body), request.token, request.redirects, request.deadline,
                    request.max_response_bytes});
    if (script_.empty()) throw std::logic_error("nobody scripted this exchange");
    Step step = std::move(script_.front());
    script_.pop_front();
    if (auto* const error = std::get_if<net::TransportError>(&step))
      throw net::TransportError(*error);
    net::HttpReply reply = std::get<net::HttpReply>(std::move(step));
    if (request.on_data && reply.ok()) stream(request, reply);
    return reply;
  }

  std::chrono::milliseconds elapsed{0};  // of each scripted exchange from now on
  std::vector<SentRequest> sent;

 private:
  using Step = std::variant<net::HttpReply, net::TransportError>;

  // In pieces of five bytes, so that no event comes whole.
  static void stream(const net::HttpRequest& request, net::HttpReply& reply) {
    const std::string body = std::exchange(reply.body, {});
    for (std::size_t at = 0; at < body.size(); at += 5) {
      if (!request.on_data(std::string_view(body).substr(at, 5))) return;
    }
  }

  std::deque<Step> script_;
};

}  // namespace bhashatts::testing
