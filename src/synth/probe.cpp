#include "synth/probe.h"

#include <chrono>
#include <exception>

#include "synth/transport_failure.h"

namespace bhashatts::synth {
namespace {

constexpr std::chrono::seconds kPatience{10};
constexpr std::size_t kMostBytes = std::size_t{8} << 20;  // lists of models and functions

SynthesizerStatus status_of(const Error& error) {
  SynthesizerStatus status;
  status.state = state_of(error.code());
  status.message = error.what();
  if (status.state == SynthesizerState::loading) status.ready_in = error.retry_after();
  return status;
}

SynthesizerStatus status_after(const std::function<void()>& check) {
  try {
    check();
    return {};
  } catch (const Error& error) {
    return status_of(error);
  } catch (const std::exception&) {
    return {.state = SynthesizerState::unavailable,
            .message = "asking how the upstream stands failed on our side"};
  }
}

}  // namespace

SynthesizerStatus status_by(const std::string& model, const std::function<void()>& check) noexcept {
  SynthesizerStatus status = status_after(check);
  status.model = model;
  return status;
}

net::HttpReply probe(const Target& target, const std::string& url, bool is_home) {
  net::HttpRequest request{.url = url,
                           .headers = {{"Accept", "*/*"}},
                           .deadline = std::chrono::steady_clock::now() + kPatience,
                           .max_response_bytes = kMostBytes};
  const auto parsed = net::Url::parse(url);
  if (is_home || (parsed && parsed->origin() == target.home.origin())) {
    request.token = target.options->token;
  }
  try {
    return target.transport->send(request);
  } catch (const net::TransportError& error) {
    throw explained(error, target.service);
  }
}

}  // namespace bhashatts::synth
