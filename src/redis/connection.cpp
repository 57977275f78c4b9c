// The deadline is put off by what has moved, not by what was announced: a server that promises 64
// megabytes and then falls silent costs no more than one that is silent from the start.
#include "redis/connection.h"

#include <string>
#include <utility>

#include "redis/error_reply.h"

namespace bhashatts::redis {
namespace {

constexpr std::int64_t kNanosecondsPerByte = 50'000'000 / (1 << 20);

Deadline put_off(Deadline deadline, std::size_t moved) {
  return deadline +
         std::chrono::nanoseconds(static_cast<std::int64_t>(moved) * kNanosecondsPerByte);
}

Error unasked() {
  return {ErrorCode::upstream_failed,
          "what answers at the address of Redis says more than it is asked; check REDIS_URL", true};
}

}  // namespace

std::size_t Connection::push(Outgoing& outgoing) {
  std::size_t moved = 0;
  while (!outgoing.done()) {
    const std::size_t sent = stream_.send(outgoing.left());
    if (sent == 0) break;
    outgoing.sent(sent);
    moved += sent;
  }
  return moved;
}

std::size_t Connection::pull(std::vector<Reply>& replies, std::size_t wanted) {
  std::size_t moved = 0;
  for (bool more = true; more && replies.size() < wanted;) {
    const std::span<std::byte> room = incoming_.room();
    const std::size_t got = stream_.receive(room);
    if (got == 0) break;
    heard_ = true;
    moved += got;
    more = stream_.may_have_more(got, room.size());
    incoming_.received(got);
    while (auto reply = incoming_.next()) replies.push_back(*std::move(reply));
  }
  return moved;
}

// Replies are read while commands are still being sent: a server that will not read on before its
// answers are taken would otherwise wait for us, and we for it.
std::vector<Reply> Connection::exchange(std::span<const Command> commands, std::string_view tail,
                                        Deadline deadline) {
  Outgoing outgoing(commands, tail);
  std::vector<Reply> replies;
  replies.reserve(commands.size());
  heard_ = false;
  std::size_t moved = 0;
  while (replies.size() < commands.size()) {
    moved += push(outgoing);
    stream_.wait(!outgoing.done(), put_off(deadline, moved));
    moved += pull(replies, commands.size());
  }
  if (replies.size() > commands.size() || !outgoing.done() || !incoming_.clean()) throw unasked();
  return replies;
}

Dialer::Dialer(const Address& address, const RedisOptions& options)
    : address_(address),
      most_reply_bytes_(options.max_reply_bytes),
      resolver_(address.host, address.port) {
  if (address.tls) tls_.emplace(options.ca_file);
}

Stream Dialer::reach(Deadline deadline) {
  if (address_.host.empty()) return Stream::to_path(address_.path, deadline);
  Stream stream = Stream::to_host(resolver_.resolve(deadline), deadline);
  if (tls_) stream.begin_tls(*tls_, address_.host, deadline);
  return stream;
}

std::unique_ptr<Connection> Dialer::dial(Deadline deadline) {
  auto connection = std::make_unique<Connection>(reach(deadline), most_reply_bytes_);
  log_in(*connection, deadline);
  return connection;
}

// Both at once: one round trip. SELECT of the database that one is in already is left out.
void Dialer::log_in(Connection& connection, Deadline deadline) const {
  std::vector<Command> commands;
  if (!address_.password.empty()) {
    commands.push_back(address_.user.empty() ? Command{"AUTH", address_.password}
                                             : Command{"AUTH", address_.user, address_.password});
  }
  const std::string number = std::to_string(address_.database);
  if (address_.database != 0) commands.push_back({"SELECT", number});
  if (commands.empty()) return;
  const std::vector<Reply> replies = connection.exchange(commands, {}, deadline);
  if (!address_.password.empty() && replies.front().kind == Reply::Kind::error) {
    throw refused_login(replies.front());
  }
  if (replies.back().kind == Reply::Kind::error) throw error_of(replies.back());
}

}  // namespace bhashatts::redis
