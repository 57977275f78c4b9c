// The first word of an error reply is a code; what is behind it is prose that differs between
// versions and servers, and is compared only where "ERR" says nothing. The prose may quote what we
// sent (a key), never a password; all the same it goes through the log's filter.
#include "redis/error_reply.h"

#include <algorithm>
#include <array>
#include <string>
#include <string_view>
#include <utility>

#include "net/secrets.h"

namespace bhashatts::redis {
namespace {

using std::chrono::milliseconds;

constexpr milliseconds kSoon{1'000};

struct Known {
  std::string_view begins;
  ErrorCode code;
  bool retryable;
  bool whole_server;  // nothing else would be answered better
  const char* message;
};

constexpr const char* kLogin =
    "Redis refused the user or the password; check both in REDIS_URL, and what the user may do";
constexpr const char* kBusy = "Redis is up but does not serve yet; nothing needs to be done";
constexpr const char* kFull = "Redis has no memory left; raise its maxmemory or let it evict";
constexpr const char* kReadOnly =
    "this Redis is a replica and takes no writes; REDIS_URL must name the primary";
constexpr const char* kCluster =
    "this Redis is part of a cluster, which is not supported; give the URL of a single server";
constexpr const char* kFailed = "Redis refused a command; the log has its words";

constexpr std::array kKnown{
    Known{"NOAUTH", ErrorCode::unauthorized, false, true, kLogin},
    Known{"WRONGPASS", ErrorCode::unauthorized, false, true, kLogin},
    Known{"NOPERM", ErrorCode::unauthorized, false, false, kLogin},
    Known{"DENIED", ErrorCode::unauthorized, false, true, kLogin},
    Known{"ERR invalid password", ErrorCode::unauthorized, false, false, kLogin},
    Known{"ERR Client sent AUTH", ErrorCode::unauthorized, false, false, kLogin},
    Known{"ERR AUTH", ErrorCode::unauthorized, false, false, kLogin},
    Known{"ERR operation not permitted", ErrorCode::unauthorized, false, true, kLogin},
    Known{"LOADING", ErrorCode::unreachable, true, true, kBusy},
    Known{"BUSY", ErrorCode::unreachable, true, true, kBusy},
    Known{"MASTERDOWN", ErrorCode::unreachable, true, true, kBusy},
    Known{"TRYAGAIN", ErrorCode::unreachable, true, false, kBusy},
    Known{"ERR max number of clients", ErrorCode::unreachable, true, true,
          "Redis takes no more clients; raise its maxclients"},
    Known{"OOM", ErrorCode::storage_full, true, false, kFull},
    Known{"READONLY", ErrorCode::storage_read_only, false, false, kReadOnly},
    Known{"NOREPLICAS", ErrorCode::storage_failed, true, false,
          "Redis takes no writes while too few of its replicas are there"},
    Known{"MISCONF", ErrorCode::storage_failed, true, false,
          "Redis takes no writes because it cannot save its own data; see its log"},
    Known{"MOVED", ErrorCode::not_supported, false, true, kCluster},
    Known{"ASK", ErrorCode::not_supported, false, false, kCluster},
    Known{"CROSSSLOT", ErrorCode::not_supported, false, false, kCluster},
    Known{"CLUSTERDOWN", ErrorCode::not_supported, false, true, kCluster},
    Known{"ERR DB index", ErrorCode::config_invalid, false, false,
          "Redis has no database of that number; check the end of REDIS_URL"},
    Known{"ERR invalid DB index", ErrorCode::config_invalid, false, false,
          "Redis has no database of that number; check the end of REDIS_URL"},
};

// "OOM" must not take "OOMPH" for itself.
bool matches(std::string_view text, std::string_view begins) {
  return text.starts_with(begins) && (text.size() == begins.size() || text[begins.size()] == ' ');
}

const Known* find(std::string_view text) noexcept {
  const auto* const known = std::find_if(kKnown.begin(), kKnown.end(), [&](const Known& entry) {
    return matches(text, entry.begins);
  });
  return known == kKnown.end() ? nullptr : known;
}

}  // namespace

Error error_of(const Reply& reply) {
  std::string words = net::redacted(reply.text, {});
  const Known* const known = find(reply.text);
  if (known == nullptr) {
    return Error(ErrorCode::upstream_failed, kFailed).detailed(std::move(words));
  }
  const milliseconds after = known->retryable ? kSoon : milliseconds(0);
  return Error(known->code, known->message, known->retryable, after).detailed(std::move(words));
}

Error refused_login(const Reply& reply) {
  Error error = error_of(reply);
  if (error.code() == ErrorCode::unauthorized || error.retryable()) return error;
  return Error(ErrorCode::unauthorized, kLogin).detailed(error.detail());
}

Error unexpected_reply() {
  return {ErrorCode::upstream_failed,
          "Redis answered with something that is no answer; is it one?"};
}

Reply checked(Reply reply) {
  if (reply.kind == Reply::Kind::error) throw error_of(reply);
  return reply;
}

bool concerns_server(const Reply& reply) noexcept {
  const Known* const known = reply.kind == Reply::Kind::error ? find(reply.text) : nullptr;
  return known != nullptr && known->whole_server;
}

}  // namespace bhashatts::redis
