// A real redis-server of its own for a test: on a free port of the loopback and a Unix socket, with
// nothing kept on disk, gone with the object (or with the test, however that ends).
//
// Thread rule: one thread; the one that makes it must outlive it.
#pragma once

#include <sys/types.h>

#include <cstdint>
#include <string>
#include <vector>

#include "tests/support/temp_dir.h"

namespace bhashatts::testing {

class RedisServer {
 public:
  // settings: words of its command line ("--requirepass", "secret"). tls: words for its TLS port;
  // none: it has no such port.
  explicit RedisServer(std::vector<std::string> settings = {}, std::vector<std::string> tls = {});
  ~RedisServer();
  RedisServer(const RedisServer&) = delete;
  RedisServer& operator=(const RedisServer&) = delete;

  // "redis://127.0.0.1:41234" and `rest`.
  std::string url(const std::string& rest = {}) const;
  // "rediss://localhost:41235"
  std::string tls_url(const std::string& host = "localhost") const;
  std::string unix_url() const { return "unix://" + socket(); }
  std::string socket() const { return directory_ / "redis.sock"; }
  std::uint16_t port() const { return port_; }

  void pause() const;   // it hears, and says nothing
  void resume() const;  //
  void kill();          // connections end at once
  void start();         // after kill(): empty, at the same addresses; returns when it answers

 private:
  void wait_until_it_answers() const;

  TempDir directory_;
  const std::uint16_t port_;
  const std::uint16_t tls_port_;
  std::vector<std::string> words_;
  pid_t pid_ = 0;
};

// A port of the loopback that nobody listens at just now.
std::uint16_t free_port();

}  // namespace bhashatts::testing
