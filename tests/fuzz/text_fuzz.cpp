// rooms: base text
//
// Any bytes: either one of the four refusals, or a text that is valid, within the limits, NFC,
// trimmed, a fixed point, and has exactly the letters that were sent.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <iostream>
#include <string>
#include <string_view>

#include "../text/reference.h"
#include "bhashatts/error.h"
#include "bhashatts/text.h"
#include "text/utf8.h"

namespace {

void require(bool holds, const char* what) {
  if (holds) return;
  std::cerr << "spoken_text: " << what << '\n';
  std::abort();
}

bool is_refusal_of_text(bhashatts::ErrorCode code) {
  using bhashatts::ErrorCode;
  return code == ErrorCode::text_empty || code == ErrorCode::text_too_long ||
         code == ErrorCode::text_not_utf8 || code == ErrorCode::text_control;
}

void check(std::string_view text, const std::string& spoken) {
  using bhashatts::testing::count_letters;
  using bhashatts::testing::nfc;
  bhashatts::text::require_utf8(spoken);
  require(bhashatts::count_code_points(spoken) <= bhashatts::kMaxTextCodePoints, "too long");
  require(spoken.size() <= bhashatts::kMaxTextBytes, "too many bytes");
  require(!spoken.empty() && spoken.front() != ' ' && spoken.front() != '\n', "not trimmed");
  require(spoken.back() != ' ' && spoken.back() != '\n', "not trimmed");
  require(spoken.find("  ") == std::string::npos, "two spaces");
  require(spoken.find("\n\n\n") == std::string::npos, "three newlines");
  require(spoken == nfc(spoken), "not NFC");
  require(spoken == bhashatts::spoken_text(spoken), "no fixed point");
  require(count_letters(spoken) == count_letters(text), "letters lost or made");
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  // utf8proc 2.8 composes a Hangul syllable with U+11A7 and so swallows it; a letter of no script
  // that is spoken here.
  if (text.find("\xe1\x86\xa7") != std::string_view::npos) return 0;
  try {
    check(text, bhashatts::spoken_text(text));
  } catch (const bhashatts::Error& error) {
    require(is_refusal_of_text(error.code()), error.what());
  }
  return 0;
}
