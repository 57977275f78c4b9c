// The event stream of one Gradio call, reduced to how it ended.
//
// Thread rule: one thread.
#pragma once

#include <exception>
#include <optional>
#include <string>
#include <string_view>

#include "net/event_stream.h"

namespace bhashatts::synth {

class GradioEvents {
 public:
  // secret: kept out of what an error event says.
  explicit GradioEvents(std::string_view secret);

  // A piece of the stream; false: no more is wanted. Raises nothing: it is called from within the
  // transport, and end() raises what went wrong.
  bool feed(std::string_view piece) noexcept;

  // The data of "complete", as JSON text: that of the last "generating" where complete has none.
  // Raises the Error that an "error" event means; nothing where the stream ended too early.
  std::optional<std::string> end() const;

 private:
  bool take(const net::ServerEvent& event);

  std::string secret_;
  net::EventStream stream_;
  std::string generated_;
  std::optional<std::string> complete_;
  std::exception_ptr failure_;
};

}  // namespace bhashatts::synth
