// Tokens: checked before they are used, taken out of whatever is logged.
//
// Thread rule: pure functions.
#pragma once

#include <string>
#include <string_view>

namespace bhashatts::net {

// Without blanks and line ends around it. Raises config_invalid, naming `setting` and never the
// value, where what is left has blanks, controls or anything but printable ASCII inside, begins
// with "Bearer " or is over 4,096 bytes. Empty stays empty.
std::string checked_token(std::string_view raw, std::string_view setting);

// One line of at most `most` bytes, fit for a log: the secret, whatever looks like a token (hf_...,
// sk-..., Bearer ...) and every URL's user, path and query become "***"; controls become spaces;
// cut at a character; invalid UTF-8 becomes '?'.
std::string redacted(std::string_view text, std::string_view secret, std::size_t most = 300);

}  // namespace bhashatts::net
