// A Gradio app, such as a Hugging Face Space: a call, a stream of events, a file.
#pragma once

#include <memory>
#include <string>

#include "synth/upstream.h"

namespace bhashatts::synth {

struct GradioOptions {
  // url: of the app ("https://<space>.hf.space"); empty: AI4Bharat's own Space.
  UpstreamOptions upstream;
  std::string api_name = "generate_finetuned";  // with or without the leading '/'
  // A JSON list: what the function is called with. "{text}", "{description}", "{language}" and
  // "{seed}" stand for what they name; anything else is passed as it is.
  std::string arguments = R"(["{text}", "{description}"])";
};

// Does no I/O. Raises config_invalid for a URL, a name or arguments that cannot be.
std::shared_ptr<Synthesizer> make_gradio(GradioOptions options,
                                         std::shared_ptr<net::Transport> transport);

}  // namespace bhashatts::synth
