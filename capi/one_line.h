// What a host says, as one line of UTF-8: it goes into logs, into JSON and to who reads
// bhashatts_error_message, none of whom must be lied to by a line break or stumble over a byte.
//
// Not text::decode, which raises where a byte is wrong: a message is kept where there is no memory
// to raise with.
//
// Thread rule: pure functions.
#pragma once

#include <string>
#include <string_view>

namespace bhashatts::c {

// Takes the first character off `rest`, which is not empty, and gives what stands for it: itself, a
// blank for a control character, U+FFFD for a byte that is none.
std::string_view take_character(std::string_view& rest) noexcept;

// All of them. Raises bad_alloc.
std::string one_line(std::string_view text);

}  // namespace bhashatts::c
