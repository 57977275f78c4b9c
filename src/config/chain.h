// Synthesizers in the order in which they are asked, as they are written in a setting.
//
// Thread rule: pure functions.
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace bhashatts::config {

struct ChainLink {
  std::string synthesizer;  // huggingface, gradio, openai, espeak
  std::string url;          // empty: where it usually is

  bool operator==(const ChainLink&) const = default;
};

// "gradio=https://host, espeak": names separated by commas, each at most once, each with its
// address where it has one (espeak has none, openai must have one). Nothing for anything else; an
// empty value is an empty chain.
std::optional<std::vector<ChainLink>> parse_chain(std::string_view value);

}  // namespace bhashatts::config
