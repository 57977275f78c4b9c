#include "synth/gradio_events.h"

#include "synth/error_reply.h"

namespace bhashatts::synth {

GradioEvents::GradioEvents(std::string_view secret)
    : secret_(secret), stream_([this](const net::ServerEvent& event) { return take(event); }) {}

bool GradioEvents::feed(std::string_view piece) noexcept {
  try {
    return stream_.feed(piece);
  } catch (...) {
    failure_ = std::current_exception();
    return false;
  }
}

bool GradioEvents::take(const net::ServerEvent& event) {
  if (event.event == "error") throw error_of_event(event.data, secret_);
  if (event.event == "generating") generated_ = event.data;
  if (event.event != "complete") return true;  // heartbeats, and what later versions add
  complete_ = event.data.empty() || event.data == "null" ? generated_ : event.data;
  return false;
}

std::optional<std::string> GradioEvents::end() const {
  if (failure_) std::rethrow_exception(failure_);
  return complete_;
}

}  // namespace bhashatts::synth
