// Which script a code point belongs to, as far as speaking Indian languages asks.
//
// Thread rule: pure functions; any thread.
#pragma once

#include <cstdint>

namespace bhashatts::text {

enum class Script : std::uint8_t {
  common,  // digits, punctuation, symbols, blanks, dandas, and marks that go with any letter
  latin,
  devanagari,
  bengali,
  gurmukhi,
  gujarati,
  odia,
  tamil,
  telugu,
  kannada,
  malayalam,
  sinhala,
  other,  // letters of any other script
};

Script script_of(char32_t c) noexcept;

constexpr bool is_indic(Script script) noexcept {
  return script >= Script::devanagari && script <= Script::sinhala;
}

}  // namespace bhashatts::text
