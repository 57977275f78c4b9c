// Base64 as servers send it: either alphabet, with or without padding, broken into lines or not.
//
// Thread rule: a pure function.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace bhashatts::synth {

// Nothing for a character of neither alphabet, anything behind the padding, or a length that no
// bytes have (a text cut off in the middle).
std::optional<std::string> decode_base64(std::string_view text);

}  // namespace bhashatts::synth
