// What became of an exchange that brought no reply, as the one error that callers see.
//
// Thread rule: pure functions.
#pragma once

#include <curl/curl.h>

#include <cstddef>
#include <string>
#include <string_view>

#include "bhashatts/error.h"

namespace bhashatts::net {

// How far it came, and in whose words it failed.
struct Progress {
  bool sent = false;           // the request may have arrived
  std::size_t body_bytes = 0;  // of the answer
  int status = 0;              // 0: not one line of an answer
  long proxy_status = 0;       // what a proxy said to CONNECT; 0: no proxy was asked
  std::string words = {};      // curl's
  std::string trace_id = {};
};

// result: not CURLE_OK.
Error failure_of(CURLcode result, const Progress& progress);
Error timed_out(const Progress& progress);
Error cancelled(const Progress& progress);
Error too_long(std::size_t most, const Progress& progress);
Error broken_off(const Progress& progress);
Error not_http(const Progress& progress);

}  // namespace bhashatts::net
