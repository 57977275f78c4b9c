// What goes into a Gradio call and what comes out: pure JSON, no network.
//
// Thread rule: values and pure functions.
#pragma once

#include <string>
#include <string_view>

#include "bhashatts/synthesizer.h"
#include "synth/json_path.h"

namespace bhashatts::synth {

// The setting's list; raises config_invalid for what is no JSON list, or has no "{text}" in it.
Json checked_arguments(std::string_view arguments);
// {"data": [...]} with what the names in braces stand for. Only a whole string is replaced, so that
// a text with "{seed}" in it is spoken as it is.
std::string call_body(const Json& arguments, const SynthesisRequest& request);

// "{"event_id": "..."}" -> the id; empty for what is none. Ids go into addresses: letters, digits,
// '-' and '_' only.
std::string event_id_in(std::string_view body);

struct GradioFile {
  std::string path;  // on the app's machine; empty where there is only an address
  std::string url;   // as the app sees itself; empty where there is only a path
};

// The file that a call gave: an object with path or url, one in {"value": ...}, or a plain string;
// the first one in the list. Raises bad_audio where there is none.
GradioFile file_in(std::string_view data);

}  // namespace bhashatts::synth
