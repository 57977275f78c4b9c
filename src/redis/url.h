// Where Redis is, and as whom to speak to it.
//
// Thread rule: a value.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace bhashatts::redis {

struct Address {
  bool tls = false;
  std::string host;  // empty: `path` is a Unix socket
  std::uint16_t port = 0;
  std::string path;
  std::string user;      // empty: the server's default user
  std::string password;  // empty: no AUTH
  std::int32_t database = 0;
};

// redis://[[user]:password@]host[:port][/db], rediss:// (TLS),
// unix://[[user]:password@]path[?db=n]. User, password and path are percent-decoded. Raises
// config_invalid, never with a part of the URL: any part of one that is misread may be the
// password.
Address parse_address(std::string_view url);

}  // namespace bhashatts::redis
