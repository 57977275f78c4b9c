// A small HTTP/1.1 server on 127.0.0.1 and a free port, which answers as a test scripts it: well,
// late, in part, or with what no server should say.
//
//   LoopbackServer server;
//   server.push(ScriptedReply::json(503, R"({"estimated_time":2})").with("Retry-After", "1"));
//   server.push(ScriptedReply::text(200, audio).with("Content-Type", "audio/wav"));
//   ... client calls server.url("/models/x"), twice; then server.requests(), server.connections()
//
// A reply comes from the queue, else from the handler, else it is a 404. Connections are kept alive
// unless a reply ends them. To compile it, list ../support/loopback_server.cpp and
// ../support/loopback_stream.cpp and link OpenSSL::SSL.
//
// Thread rule: any thread. A handler runs on the connection's thread, several at once. The
// destructor ends all connections, also held ones, and joins their threads. After fork the server
// is the parent's: the child may be its client, and ends with _exit.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <list>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>
#include <utility>
#include <vector>

#include "base/fd.h"
#include "base/mutex.h"
#include "tests/support/loopback_stream.h"

namespace bhashatts::testing {

using HeaderList = std::vector<std::pair<std::string, std::string>>;

struct ReceivedRequest {
  std::string method;
  std::string target;  // as sent: "/models/x?y=1", or the whole URL from a client of a proxy
  HeaderList headers;  // names in lower case, in order
  std::string body;
  std::size_t connection = 0;  // which one it came by, counted from 0

  // The first of that name (lower case); empty when there is none.
  std::string header(std::string_view name) const;
};

struct ScriptedReply {
  enum class Framing { length, chunked, until_close };  // until_close: neither length nor chunks
  enum class End {
    keep,        // the connection stays for the next request
    close,       // ended in order
    reset,       // ended by RST
    stay_silent  // nothing more comes until the client leaves
  };

  int status = 200;
  HeaderList headers = {};
  std::string body = {};
  std::size_t generated = 0;  // so many bytes of 'x' instead of `body`, made on the fly
  Framing framing = Framing::length;
  std::chrono::milliseconds drip{0};           // > 0: the body byte by byte, so far apart
  std::chrono::milliseconds delay{0};          // before the first byte of the reply
  std::optional<std::size_t> stop_after = {};  // bytes of the body that are sent at all, then `end`
  bool with_head = true;                       // false: not one byte is sent, only `end` happens
  std::string raw = {};  // sent as it is instead of all the above (but delay), then `end`
  End end = End::keep;

  ScriptedReply with(std::string name, std::string value) &&;

  static ScriptedReply text(int status, std::string body);  // no Content-Type
  static ScriptedReply json(int status, std::string body);  // application/json
  static ScriptedReply chunked(std::string body);           // 200, in chunks of 1,000 bytes
  static ScriptedReply oversized(std::size_t bytes, Framing framing = Framing::length);
  static ScriptedReply redirect(std::string location, int status = 302);
  // 200 with the Content-Length of all of `body`, but only `sent` bytes of it.
  static ScriptedReply truncated(std::string body, std::size_t sent);
  static ScriptedReply reset_mid_body(std::string body, std::size_t sent);
  static ScriptedReply reset_at_once();
  static ScriptedReply closed_at_once();
  static ScriptedReply never();
  static ScriptedReply dripping(std::string body, std::chrono::milliseconds apart);
  static ScriptedReply garbage(std::string bytes);  // and the end of the connection
};

class LoopbackServer {
 public:
  using Handler = std::function<ScriptedReply(const ReceivedRequest&)>;

  explicit LoopbackServer(Handler handler = {}) : LoopbackServer(nullptr, std::move(handler)) {}
  // An https server.
  explicit LoopbackServer(std::shared_ptr<const LoopbackTls> tls, Handler handler = {});
  ~LoopbackServer();
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  void push(const ScriptedReply& reply, int times = 1);
  void set_handler(Handler handler);

  std::uint16_t port() const { return port_; }
  std::string origin() const;  // "http://127.0.0.1:41234"
  std::string url(const std::string& target = "/") const { return origin() + target; }

  std::size_t connections() const;  // accepted so far
  std::size_t calls() const;        // whole requests received
  std::size_t accepted() const;     // of those, given a 2xx; counted before its first byte leaves
  std::vector<ReceivedRequest> requests() const;
  ReceivedRequest last() const;  // raises when there is none
  void await_calls(std::size_t calls) const;
  void await_ended(std::size_t connections) const;  // until so many connections are over

 private:
  struct Connection;

  void accept_all();
  void add(UniqueFd fd);
  void reap() REQUIRES(mutex_);
  void serve(Connection& connection);
  std::optional<ReceivedRequest> receive(Connection& connection) const;
  ScriptedReply choose(const ReceivedRequest& request);
  bool answer(Connection& connection, const ReceivedRequest& request);
  bool finish(Connection& connection, ScriptedReply::End end);

  const std::shared_ptr<const LoopbackTls> tls_;
  UniqueFd listening_;
  UniqueFd stop_;
  std::uint16_t port_ = 0;
  mutable Mutex mutex_;
  mutable CondVar changed_;
  Handler handler_ GUARDED_BY(mutex_);
  std::deque<ScriptedReply> queue_ GUARDED_BY(mutex_);
  std::vector<ReceivedRequest> requests_ GUARDED_BY(mutex_);
  std::list<std::unique_ptr<Connection>> live_ GUARDED_BY(mutex_);
  std::size_t connections_ GUARDED_BY(mutex_) = 0;
  std::size_t accepted_ GUARDED_BY(mutex_) = 0;
  std::size_t ended_ GUARDED_BY(mutex_) = 0;
  std::thread acceptor_;  // last: it uses all of the above
};

}  // namespace bhashatts::testing
