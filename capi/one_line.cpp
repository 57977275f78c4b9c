#include "one_line.h"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace bhashatts::c {
namespace {

// Lead bytes, by the table of well-formed sequences in the Unicode standard (3-7): from which one
// on, how long what they lead is, and what its second byte may be.
struct Form {
  std::uint8_t lead;
  std::uint8_t size;  // 0: leads nothing
  std::uint8_t least_second;
  std::uint8_t most_second;
};
constexpr std::array<Form, 11> kForms{{{0x00, 1, 0, 0},
                                       {0x80, 0, 0, 0},
                                       {0xC2, 2, 0x80, 0xBF},
                                       {0xE0, 3, 0xA0, 0xBF},
                                       {0xE1, 3, 0x80, 0xBF},
                                       {0xED, 3, 0x80, 0x9F},
                                       {0xEE, 3, 0x80, 0xBF},
                                       {0xF0, 4, 0x90, 0xBF},
                                       {0xF1, 4, 0x80, 0xBF},
                                       {0xF4, 4, 0x80, 0x8F},
                                       {0xF5, 0, 0, 0}}};

std::uint8_t byte_of(std::string_view text, std::size_t at) noexcept {
  return static_cast<std::uint8_t>(text[at]);
}

// Of the character that `text` begins with; 0: it begins with none.
std::size_t size_of_first(std::string_view text) noexcept {
  const std::uint8_t lead = byte_of(text, 0);
  const Form form = *(std::ranges::upper_bound(kForms, lead, {}, &Form::lead) - 1);
  if (form.size < 2) return form.size;
  if (text.size() < form.size) return 0;
  const std::uint8_t second = byte_of(text, 1);
  if (second < form.least_second || second > form.most_second) return 0;
  const auto continues = [](char c) { return (static_cast<std::uint8_t>(c) & 0xC0U) == 0x80U; };
  return std::ranges::all_of(text.substr(2, form.size - 2U), continues) ? form.size : 0;
}

bool is_control(std::string_view character) noexcept {
  const std::uint8_t first = byte_of(character, 0);
  return first < 0x20 || first == 0x7F || (first == 0xC2 && byte_of(character, 1) < 0xA0);
}

}  // namespace

std::string_view take_character(std::string_view& rest) noexcept {
  const std::size_t size = size_of_first(rest);
  const std::string_view one = rest.substr(0, std::max<std::size_t>(size, 1));
  rest.remove_prefix(one.size());
  if (size == 0) return "\uFFFD";
  return is_control(one) ? " " : one;
}

std::string one_line(std::string_view text) {
  std::string line;
  line.reserve(text.size());
  while (!text.empty()) line += take_character(text);
  return line;
}

}  // namespace bhashatts::c
