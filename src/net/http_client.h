// The Transport over libcurl.
//
// Thread rule: as Transport. Each exchange takes a curl handle from a pool, or a new one; handles
// keep their connections alive, and at most as many are kept as were ever in use at once.
#pragma once

#include <chrono>
#include <memory>
#include <string>

#include "net/http.h"

namespace bhashatts::net {

struct HttpOptions {
  std::string ca_file = {};  // PEM; trusted besides nobody else. Empty: the system's
  std::chrono::milliseconds connect_timeout{10'000};  // of one exchange, within its deadline
  std::string user_agent = {};                        // empty: bhashatts/<version>
};

// TLS is verified, always (no setting switches that off). The proxy variables of the environment
// (https_proxy, no_proxy, ...) are honoured as curl does, as they stand at the time of each call.
std::shared_ptr<Transport> make_http_client(const HttpOptions& options = {});

}  // namespace bhashatts::net
