// Configured addresses, and the small changes that upstreams' rules ask for.
//
// Thread rule: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "net/url.h"

namespace bhashatts::synth {

// Raises config_invalid, naming `setting` and not the value, for what is no http(s) address, holds
// blanks, or has a user: a token goes into its own setting, from where it is kept out of logs.
net::Url checked_address(std::string_view text, std::string_view setting);

// Without what follows the path, and without '/' at its end.
std::string root_of(const net::Url& url);
// "example.org"
std::string host_of(const net::Url& url);

// "/tmp/a b.wav" -> "/tmp/a%20b.wav": all but unreserved characters and '/'.
std::string escaped_path(std::string_view path);

}  // namespace bhashatts::synth
