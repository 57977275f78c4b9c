// How values are spelled: numbers, booleans, dollars, and what .env loaders leave around them.
//
// Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace bhashatts::config {

// Without blanks (space, tab, CR, LF) at both ends.
std::string_view trimmed(std::string_view value);

// Bytes below 0x20, and 0x7f.
bool has_control(std::string_view value);

// A value as the environment spells it: blanks trimmed, one pair of quotes around it taken away
// (some .env loaders leave them). With `comment`, '#' and what follows goes too: only for values
// that cannot hold a '#' themselves, since a password or URL may.
std::string_view bare_value(std::string_view value, bool comment);

// Decimal digits with an optional sign; nothing else.
std::optional<std::int64_t> parse_integer(std::string_view value);
// true, false, 1, 0, yes, no, on, off, in any case.
std::optional<bool> parse_bool(std::string_view value);
// "12", "12.5", "0.000001" as micro-dollars, exactly: no floating point on the way.
std::optional<std::int64_t> parse_micro_dollars(std::string_view value);
// Micro-dollars as dollars without needless zeros: 12500000 is "12.5".
std::string dollars(std::int64_t micro);

// A prefix of object names as it is kept: "shop/blue" and "/shop//blue/" both become "shop/blue/",
// so that the names behind it never run into it. Nothing where a character or part is not allowed.
std::optional<std::string> parse_prefix(std::string_view value);

}  // namespace bhashatts::config
