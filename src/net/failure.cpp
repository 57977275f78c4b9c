#include "net/failure.h"

#include <utility>

namespace bhashatts::net {
namespace {

std::string stage(const Progress& progress) {
  if (!progress.sent) return "before the request had left";
  if (progress.status == 0) return "waiting for the answer";
  return "in the answer, status " + std::to_string(progress.status) + ", after " +
         std::to_string(progress.body_bytes) + " bytes of its body";
}

Error told(ErrorCode code, const char* message, bool retryable, const Progress& progress) {
  std::string detail = stage(progress);
  if (!progress.words.empty()) detail += "; " + progress.words;
  return Error(code, message, retryable).detailed(detail + "; trace id " + progress.trace_id);
}

Error unreachable(const char* message, bool retryable, const Progress& progress) {
  return told(ErrorCode::unreachable, message, retryable, progress);
}

// Whether a failed handshake is the network's doing rather than what the two sides disagree about:
// OpenSSL's own complaints begin with "error:", and one of those is a connection that ended.
bool broke_in_handshake(const std::string& words) {
  return words.find("error:") == std::string::npos ||
         words.find("unexpected eof") != std::string::npos;
}

Error no_handshake(const Progress& progress) {
  if (broke_in_handshake(progress.words)) return broken_off(progress);
  return unreachable(
      "the server speaks no TLS that can be trusted; check that its address is meant to begin with "
      "https:// and that it offers TLS 1.2 or later",
      false, progress);
}

Error not_trusted(const Progress& progress) {
  return unreachable(
      "the server's certificate is not trusted or is for another name; check the address, and set "
      "BHASHATTS_CA_FILE if an authority of your own signed it",
      false, progress);
}

}  // namespace

Error failure_of(CURLcode result, const Progress& progress) {
  switch (result) {
    case CURLE_COULDNT_RESOLVE_HOST:
      return unreachable("the server's name cannot be resolved; check the address and the network",
                         true, progress);
    case CURLE_COULDNT_RESOLVE_PROXY:
      return unreachable("the proxy's name cannot be resolved; check https_proxy and http_proxy",
                         true, progress);
    case CURLE_COULDNT_CONNECT:
    case CURLE_OPERATION_TIMEDOUT:  // of connecting; the deadline is ours to watch
      return unreachable("the server cannot be reached; check the address and the network", true,
                         progress);
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS: return not_trusted(progress);
    case CURLE_SSL_CACERT_BADFILE:
      return told(ErrorCode::config_invalid,
                  "BHASHATTS_CA_FILE cannot be read as certificates in PEM form", false, progress);
    case CURLE_SSL_CONNECT_ERROR: return no_handshake(progress);
    case CURLE_UNSUPPORTED_PROTOCOL:  // HTTP/0.9, which is to say anything
    case CURLE_WEIRD_SERVER_REPLY:
    case CURLE_BAD_CONTENT_ENCODING: return not_http(progress);
    case CURLE_OUT_OF_MEMORY:
      return told(ErrorCode::out_of_memory, "out of memory", true, progress);
    default: return broken_off(progress);
  }
}

Error timed_out(const Progress& progress) {
  return told(ErrorCode::upstream_timeout,
              "no whole answer came in time; try again later or allow more time", true, progress);
}

Error cancelled(const Progress& progress) {
  return told(ErrorCode::cancelled, "the call was cancelled", false, progress);
}

Error too_long(std::size_t most, const Progress& progress) {
  const std::string message =
      "the server's answer is longer than the " + std::to_string(most) + " bytes that are allowed";
  return told(ErrorCode::upstream_failed, message.c_str(), false, progress);
}

Error broken_off(const Progress& progress) {
  if (progress.proxy_status != 0 && progress.proxy_status / 100 != 2) {
    return unreachable("the proxy refuses to connect to the server; check https_proxy", true,
                       progress);
  }
  return unreachable("the connection to the server broke off; try again", true, progress);
}

Error not_http(const Progress& progress) {
  return told(ErrorCode::upstream_failed, "what answers there is no HTTP server; check the address",
              false, progress);
}

}  // namespace bhashatts::net
