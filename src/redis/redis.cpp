// What belongs to one process (connections, their threads, the resolver) hangs below Process; a
// forked child makes its own and leaves the parent's alone. The breaker is common to all.
//
// What a request may lose to a Redis that is not well: one call's time, connecting included; then
// the breaker is open, and a thread asks (redis/prober.h) until it is back. A server that takes
// most of the time to connect to, but answers, would never be used like that; so its connection is
// kept for the next call.
#include "redis/redis.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <map>
#include <optional>
#include <utility>

#include "base/log.h"
#include "base/mutex.h"
#include "base/per_process.h"
#include "net/breaker.h"
#include "redis/connection.h"
#include "redis/error_reply.h"
#include "redis/pool.h"
#include "redis/prober.h"
#include "redis/repeatable.h"
#include "redis/url.h"

namespace bhashatts::redis {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

net::BreakerPolicy policy_for(const RedisOptions& options) {
  net::BreakerPolicy policy;
  policy.failures_to_open = 1;
  policy.first_pause = milliseconds(1'000);
  policy.longest_pause = milliseconds(10'000);
  policy.account_pause = milliseconds(10'000);
  const auto megabytes = static_cast<std::int64_t>(options.max_reply_bytes >> 20U) + 1;
  policy.probe_lease =
      options.connect_timeout + options.command_timeout + milliseconds(50) * megabytes;
  return policy;
}

Error slow_to_reach() {
  return Error(ErrorCode::upstream_timeout,
               "Redis was slow to connect to; the connection is there for the next call", true)
      .untried();
}

std::string sha1_hex(std::string_view script) {
  std::array<unsigned char, EVP_MAX_MD_SIZE> digest{};
  unsigned size = 0;
  if (EVP_Digest(script.data(), script.size(), digest.data(), &size, EVP_sha1(), nullptr) != 1) {
    throw Error(ErrorCode::internal, "SHA-1, by which Redis names scripts, is not available");
  }
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string hex;
  for (unsigned i = 0; i < size; ++i) {
    hex += kDigits[digest[i] >> 4U];
    hex += kDigits[digest[i] & 15U];
  }
  return hex;
}

// What the breaker is told of a failure; nothing where the server answers, and only this one thing
// went wrong: its value is too large for us, or the time was too short for connecting and asking.
std::optional<Error> verdict(const Error& error) {
  const bool too_large = error.code() == ErrorCode::upstream_failed && !error.retryable();
  if (too_large || !error.tried()) return std::nullopt;
  switch (error.code()) {
    case ErrorCode::unauthorized:
    case ErrorCode::unreachable:
    case ErrorCode::upstream_timeout: return error;
    default: return Error(ErrorCode::upstream_failed, error.what(), true);  // wrong database, ...
  }
}

// why: what this process met last. It is told only if it is of the kind that opened the breaker:
// that may have been another process, long after.
Error down(const net::Breaker::Refusal& refusal, const std::optional<Error>& why) {
  const auto told = why ? verdict(*why) : std::nullopt;
  const bool login = refusal.code == ErrorCode::unauthorized;
  const Error error =
      told && told->code() == refusal.code
          ? *why
          : Error(refusal.code,
                  login ? "Redis refused the user or the password a moment ago; check REDIS_URL"
                        : "Redis did not answer a moment ago; calls go on without it");
  return Error(error.code(), error.what(), true, refusal.retry_after)
      .detailed(error.detail())
      .untried();
}

// How long one exchange may take.
struct Times {
  milliseconds connect;
  milliseconds command;
};

struct Process {
  Process(const Address& address, const RedisOptions& options, net::Breaker& breaker)
      : dialer(address, options),
        pool(options.max_idle_connections),
        prober(breaker, [this, options] { probe(options); }) {}

  void probe(const RedisOptions& options) {
    try {
      ask_whether_it_is_well(options);
    } catch (const Error& error) {
      note(error);
      throw;
    }
  }

  // Has the whole time of a call for connecting, and again for the answer: nobody waits for it.
  void ask_whether_it_is_well(const RedisOptions& options) {
    auto connection = dialer.dial(steady_clock::now() + options.connect_timeout);
    const Command ping{"PING"};
    const auto replies =
        connection->exchange({&ping, 1}, {}, steady_clock::now() + options.command_timeout);
    if (concerns_server(replies.front())) throw error_of(replies.front());
    pool.give_back(std::move(connection));
  }

  void note(const Error& error) {
    MutexLock lock(mutex);
    why = error;
  }
  std::optional<Error> noted() {
    MutexLock lock(mutex);
    return why;
  }

  Mutex mutex;
  std::map<std::string, std::string, std::less<>> sha1s GUARDED_BY(mutex);  // of scripts
  std::optional<Error> why GUARDED_BY(mutex);  // what opened the breaker, or last kept it open
  Dialer dialer;
  Pool pool;
  Prober prober;  // last: its thread uses what is above
};

}  // namespace

class Redis::Impl {
 public:
  explicit Impl(RedisOptions options)
      : options_(std::move(options)),
        address_(parse_address(options_.url)),
        breaker_(options_.breaker_file, policy_for(options_)),
        process_([this] { return std::make_unique<Process>(address_, options_, breaker_); }) {
    if (address_.tls) TlsContext checked(options_.ca_file);
  }

  std::vector<Reply> run(std::span<const Command> commands, std::string_view tail) {
    refuse_while_down(process_.get());
    return reported(commands, tail, {options_.connect_timeout, options_.command_timeout});
  }

  std::vector<Reply> run_patiently(std::span<const Command> commands) {
    if (commands.empty()) return {};
    return reported(commands, {}, {kPatience, kPatience});
  }

  std::string sha1_of(std::string_view script) {
    Process& process = process_.get();
    MutexLock lock(process.mutex);
    auto known = process.sha1s.find(script);
    if (known == process.sha1s.end()) {
      known = process.sha1s.emplace(script, sha1_hex(script)).first;
    }
    return known->second;
  }

  std::optional<Error> trouble() {
    const auto refusal = breaker_.trouble();
    if (!refusal) return std::nullopt;
    Process* const process = process_.peek();
    return down(*refusal, process == nullptr ? std::nullopt : process->noted());
  }

 private:
  std::vector<Reply> reported(std::span<const Command> commands, std::string_view tail,
                              const Times& times) {
    Process& process = process_.get();
    try {
      std::vector<Reply> replies = attempt(process, commands, tail, times);
      report(process, replies);
      return replies;
    } catch (const Error& error) {
      report(process, error);
      throw;
    } catch (...) {
      breaker_.failed({ErrorCode::cancelled, "it tells nothing of the server"});
      throw;
    }
  }

  // Where no prober of this process is at work (a new process, a forked child) and the pause is
  // over, this call is the probe: the host may have been without any process for hours.
  void refuse_while_down(Process& process) {
    const auto trouble = breaker_.trouble();
    if (!trouble) return;
    if (process.prober.running()) throw down(*trouble, process.noted());
    const auto refusal = breaker_.ask();
    if (!refusal) return;
    process.prober.start();
    throw down(*refusal, process.noted());
  }

  void report(Process& process, const std::vector<Reply>& replies) {
    for (const Reply& reply : replies) {
      if (concerns_server(reply)) return report(process, error_of(reply));
    }
    breaker_.succeeded();
  }

  void report(Process& process, const Error& error) {
    const auto trouble = verdict(error);
    if (!trouble) return breaker_.succeeded();
    if (!breaker_.trouble()) log(LogLevel::warning, "redis", error.what());
    process.note(error);
    breaker_.failed(*trouble);
    process.pool.clear();
    process.prober.start();
  }

  std::vector<Reply> attempt(Process& process, std::span<const Command> commands,
                             std::string_view tail, const Times& times) {
    const auto began = steady_clock::now();
    if (auto kept = process.pool.take()) {
      try {
        auto replies = kept->exchange(commands, tail, began + times.command);
        process.pool.give_back(std::move(kept));
        return replies;
      } catch (const Error& error) {
        const bool closed = error.code() == ErrorCode::unreachable && !kept->heard();
        if (!closed || !repeatable(commands)) throw;
      }
    }
    return attempt_anew(process, commands, tail, began, times);
  }

  std::vector<Reply> attempt_anew(Process& process, std::span<const Command> commands,
                                  std::string_view tail, steady_clock::time_point began,
                                  const Times& times) {
    auto connection = process.dialer.dial(began + times.connect);
    const auto now = steady_clock::now();
    const auto whole = std::max(times.connect, times.command);
    const auto left = std::min<steady_clock::duration>(times.command, began + whole - now);
    if (left < times.command / 2) {
      process.pool.give_back(std::move(connection));
      throw slow_to_reach();
    }
    auto replies = connection->exchange(commands, tail, now + left);
    process.pool.give_back(std::move(connection));
    return replies;
  }

  const RedisOptions options_;
  const Address address_;
  net::Breaker breaker_;
  PerProcess<Process> process_;
};

Redis::Redis(RedisOptions options) : impl_(std::make_unique<Impl>(std::move(options))) {}

Redis::~Redis() = default;

Reply Redis::call(const Command& command, std::string_view tail) {
  return std::move(impl_->run({&command, 1}, tail).front());
}

Reply Redis::patiently(const Command& command) {
  return std::move(impl_->run_patiently({&command, 1}).front());
}

std::vector<Reply> Redis::patiently(std::span<const Command> commands) {
  return impl_->run_patiently(commands);
}

Reply Redis::eval(std::string_view script, std::span<const std::string> keys,
                  std::span<const std::string> arguments) {
  const std::string sha1 = impl_->sha1_of(script);
  const std::string count = std::to_string(keys.size());
  Command command{"EVALSHA", sha1, count};
  command.insert(command.end(), keys.begin(), keys.end());
  command.insert(command.end(), arguments.begin(), arguments.end());
  Reply reply = call(command);
  if (reply.kind == Reply::Kind::error && reply.text.starts_with("NOSCRIPT")) {
    command[0] = "EVAL";
    command[1] = script;
    reply = call(command);
  }
  return checked(std::move(reply));
}

std::optional<Error> Redis::trouble() const { return impl_->trouble(); }

}  // namespace bhashatts::redis
