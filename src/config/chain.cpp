#include "config/chain.h"

#include <algorithm>
#include <array>

#include "config/values.h"

namespace bhashatts::config {
namespace {

constexpr std::array<std::string_view, 4> kKnown{"huggingface", "gradio", "openai", "espeak"};

bool is_sound(const ChainLink& link) {
  if (std::ranges::find(kKnown, link.synthesizer) == kKnown.end()) return false;
  if (link.synthesizer == "espeak") return link.url.empty();
  if (link.synthesizer == "openai") return !link.url.empty();
  return true;
}

ChainLink link_of(std::string_view term) {
  const auto equals = term.find('=');
  if (equals == std::string_view::npos) return {std::string(trimmed(term)), {}};
  return {std::string(trimmed(term.substr(0, equals))),
          std::string(trimmed(term.substr(equals + 1)))};
}

}  // namespace

std::optional<std::vector<ChainLink>> parse_chain(std::string_view value) {
  std::vector<ChainLink> chain;
  while (!trimmed(value).empty()) {
    const auto comma = value.find(',');
    ChainLink link = link_of(value.substr(0, comma));
    const auto known = std::ranges::find(chain, link.synthesizer, &ChainLink::synthesizer);
    if (!is_sound(link) || known != chain.end()) return std::nullopt;
    chain.push_back(std::move(link));
    if (comma == std::string_view::npos) break;
    value.remove_prefix(comma + 1);
  }
  return chain;
}

}  // namespace bhashatts::config
