// What is spoken when a text is sent: the form that is limited, hashed and synthesised.
//
// Thread rule: pure functions; any thread.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

#include "bhashatts/export.h"

namespace bhashatts {

inline constexpr std::size_t kMaxTextCodePoints = 5000;  // of the spoken text
inline constexpr std::size_t kMaxTextBytes = 20000;      // of the text as sent

// Normalises: NFC; line ends unified (one newline is a verse break, two a paragraph), other runs of
// blanks one space, trimmed; invisible controls dropped; danda look-alikes and Malayalam chillu
// spellings folded. The result is a fixed point: spoken_text(spoken_text(x)) == spoken_text(x).
// Raises text_empty, text_too_long, text_not_utf8 or text_control; positions in messages are byte
// offsets into `text`.
BHASHATTS_API std::string spoken_text(std::string_view text);

// Code points of valid UTF-8.
BHASHATTS_API std::size_t count_code_points(std::string_view utf8);

}  // namespace bhashatts
