#include "synth/transport_failure.h"

namespace bhashatts::synth {
namespace {

std::string timed_out(const net::TransportError& error, Service service) {
  const std::string who(name_of(service));
  if (!error.sent()) return who + " could not be reached in time: check the network";
  return who +
         " did not answer in time, and may have billed the call: allow more with "
         "BHASHATTS_SYNTHESIS_TIMEOUT_MS, or forbid repeats with BHASHATTS_RETRY_TIMEOUTS=false";
}

// The transport knows what stood in the way: a name, a proxy, a certificate.
std::string unreachable(const net::TransportError& error, Service service) {
  const std::string who(name_of(service));
  if (!error.sent()) return who + " cannot be reached: " + error.what();
  return who + " broke off before its answer was whole: ask again later";
}

std::string message_of(const net::TransportError& error, Service service) {
  switch (error.code()) {
    case ErrorCode::upstream_timeout: return timed_out(error, service);
    case ErrorCode::unreachable: return unreachable(error, service);
    default: return error.what();
  }
}

}  // namespace

Error explained(const net::TransportError& error, Service service) {
  Error told(error.code(), message_of(error, service), error.retryable(), error.retry_after());
  return std::move(told).detailed(error.detail());
}

}  // namespace bhashatts::synth
