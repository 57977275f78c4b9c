// Hugging Face's inference API: the router, a dedicated endpoint, and whatever answers as they do.
#pragma once

#include <memory>
#include <string>

#include "synth/upstream.h"

namespace bhashatts::synth {

struct HuggingFaceOptions {
  // url: used verbatim (a dedicated endpoint, a server of one's own); empty: the router's, for
  // `model`.
  UpstreamOptions upstream;
  // Where in the JSON of the request each thing goes: names separated by dots. An empty name leaves
  // the thing out (not so the text).
  std::string text_field = "inputs";
  std::string description_field = "parameters.description";
  std::string language_field = {};  // gets "HINDI"
  // Gets a number from 0 to 2^31 - 1 that follows from text, description, take and attempt.
  std::string seed_field = {};
  // Where in a JSON answer the audio is, as base64; {"url": ...} and arrays of floats beside a
  // sampling_rate are understood wherever the field leads.
  std::string audio_field = "audio";
  // Where the Hub answers for status: "https://huggingface.co" but in tests. With the router it is
  // shown the token, which it issued.
  std::string hub_url = "https://huggingface.co";
};

// Does no I/O. Raises config_invalid for a URL or a field name that cannot be; a missing token with
// the router shows in status() and raises not_configured in synthesize().
std::shared_ptr<Synthesizer> make_huggingface(HuggingFaceOptions options,
                                              std::shared_ptr<net::Transport> transport);

}  // namespace bhashatts::synth
