// A small Redis client: commands out, replies in, over TCP, TLS or a Unix socket (RESP2).
//
// Thread rule: any thread. After fork the child goes on with the same object; connections are
// never shared between processes.
#pragma once

#include <chrono>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bhashatts/bytes.h"
#include "bhashatts/error.h"

namespace bhashatts::redis {

// A reply. Arrays nest at most 8 deep.
struct Reply {
  enum class Kind { text, error, integer, bulk, nil, array };
  Kind kind = Kind::nil;
  std::string text;  // of text and error ("NOSCRIPT No matching script ...")
  std::int64_t integer = 0;
  SharedBytes bulk;  // received in place, without a copy
  std::vector<Reply> array;
};

// The words of a command; each may hold any bytes. Views: they outlive the call only.
using Command = std::vector<std::string_view>;

struct RedisOptions {
  std::string url;  // redis://[user:password@]host[:port][/db], rediss://, unix://[...]path[?db=n]
  std::string ca_file = {};                       // PEM; empty: the system's
  std::chrono::milliseconds connect_timeout{50};  // TLS handshake and AUTH included
  std::chrono::milliseconds command_timeout{50};  // of one exchange; each MB of value adds 50 ms
  std::size_t max_idle_connections = 8;
  std::uint64_t max_reply_bytes = std::uint64_t{64} << 20;
  // A breaker that all processes of the host share; empty: of this process alone.
  std::filesystem::path breaker_file = {};
};

// A thousand keys are walked in about 0.3 ms; yet on a machine whose processors were all at work a
// walk was once given up after the 50 ms of a request, and a clear() failed half-way.
inline constexpr std::chrono::milliseconds kPatience{5'000};

class Redis {
 public:
  // Raises config_invalid for a URL that cannot be; connects on first use.
  explicit Redis(RedisOptions options);
  ~Redis();
  Redis(const Redis&) = delete;
  Redis& operator=(const Redis&) = delete;

  // Raises unreachable or upstream_timeout where the server does not answer in time, unauthorized
  // for AUTH refused; while it is known to be down it raises at once. An error reply is a reply.
  // `tail` goes on with the last word, so that a header and a megabyte of audio behind it can be
  // one value without being copied together.
  Reply call(const Command& command, std::string_view tail = {});
  // As call(), for work that no request waits for, such as a walk over all keys: it has kPatience,
  // and a server that is thought to be down is asked all the same. Of many commands, all are sent
  // at once, and the replies come in order.
  Reply patiently(const Command& command);
  std::vector<Reply> patiently(std::span<const Command> commands);
  // EVALSHA, and EVAL where the server does not know the script yet. Raises error_of() an error
  // reply: upstream_failed, or what redis/error_reply.h knows better.
  Reply eval(std::string_view script, std::span<const std::string> keys,
             std::span<const std::string> arguments);

  // Why calls fail just now: for status. Nothing when they do not.
  std::optional<Error> trouble() const;

 private:
  class Impl;
  std::unique_ptr<Impl> impl_;
};

}  // namespace bhashatts::redis
