// One connection to Redis: logged in, its database chosen, and never with half a reply in it.
//
// Thread rule: a Connection belongs to one thread at a time; a Dialer may be used from any thread
// of the process that made it.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string_view>
#include <vector>

#include "redis/redis.h"
#include "redis/resolver.h"
#include "redis/resp.h"
#include "redis/stream.h"
#include "redis/tls.h"
#include "redis/url.h"

namespace bhashatts::redis {

class Connection {
 public:
  Connection(Stream stream, std::uint64_t most_reply_bytes)
      : stream_(std::move(stream)), incoming_(most_reply_bytes) {}

  // Sends all, and brings as many replies. Raises upstream_timeout where `deadline` passes; each
  // byte that moves puts it off a little (50 ms a megabyte). When it has raised, the connection may
  // hold half a reply: it must go.
  std::vector<Reply> exchange(std::span<const Command> commands, std::string_view tail,
                              Deadline deadline);
  // Whether the last exchange() that raised had received a byte.
  bool heard() const noexcept { return heard_; }
  // May be used again: it is open, and the server has said nothing unasked.
  bool idle() { return incoming_.clean() && stream_.idle(); }

 private:
  std::size_t push(Outgoing& outgoing);
  std::size_t pull(std::vector<Reply>& replies, std::size_t wanted);

  Stream stream_;
  Incoming incoming_;
  bool heard_ = false;
};

// Makes connections.
class Dialer {
 public:
  // Raises config_invalid for a CA file that is none.
  Dialer(const Address& address, const RedisOptions& options);

  // Raises unreachable, upstream_timeout, unauthorized for a login refused, config_invalid for a
  // database that is not there.
  std::unique_ptr<Connection> dial(Deadline deadline);

 private:
  Stream reach(Deadline deadline);
  void log_in(Connection& connection, Deadline deadline) const;

  const Address address_;
  const std::uint64_t most_reply_bytes_;
  std::optional<TlsContext> tls_;
  Resolver resolver_;
};

}  // namespace bhashatts::redis
