// A server on 127.0.0.1 and a free port that speaks whatever a test scripts, byte by byte.
//
// Thread rule: any thread. Each connection has a thread of its own, in which the handler runs; the
// destructor ends all of them. After fork the server is the parent's.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <list>
#include <memory>
#include <string>
#include <thread>

#include "base/fd.h"
#include "base/mutex.h"
#include "tests/support/loopback_stream.h"

namespace bhashatts::testing {

class StreamServer {
 public:
  // The number says which connection it is, from 0. The connection ends when the handler returns.
  using Handler = std::function<void(LoopbackStream&, std::size_t)>;

  explicit StreamServer(Handler handler);
  ~StreamServer();
  StreamServer(const StreamServer&) = delete;
  StreamServer& operator=(const StreamServer&) = delete;

  std::string host() const { return "127.0.0.1:" + std::to_string(port_); }
  std::size_t connections();

 private:
  struct Served {
    LoopbackStream stream;
    std::thread thread;
  };

  void accept_all();
  void serve(UniqueFd fd);

  const Handler handler_;
  UniqueFd listening_;
  std::uint16_t port_ = 0;
  Mutex mutex_;
  std::list<Served> served_ GUARDED_BY(mutex_);
  std::thread accepting_;
};

}  // namespace bhashatts::testing
