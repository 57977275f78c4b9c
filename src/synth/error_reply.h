// From a reply that is no success to the one Error that it means.
//
// Thread rule: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "bhashatts/error.h"
#include "bhashatts/synthesizer.h"
#include "net/http.h"

namespace bhashatts::synth {

enum class Service {
  router,    // Hugging Face's own, which serves some models of many
  endpoint,  // a dedicated endpoint, or a server of one's own that answers like one
  gradio,
  openai,
};

// How messages name it, and the setting that holds its token.
std::string_view name_of(Service service);
std::string_view token_setting(Service service);

// reply: any status but a usable 2xx. What it cost is the caller's business.
// secret: the token that was sent, to be kept out of detail().
Error error_of(const net::HttpReply& reply, Service service, std::string_view secret);

// An "error" event of a Gradio app, whose data is a JSON text.
Error error_of_event(std::string_view data, std::string_view secret);

// The state that such an error puts a synthesizer in.
SynthesizerState state_of(ErrorCode code);

}  // namespace bhashatts::synth
