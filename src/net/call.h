// What one send() carries along, over all of its redirects.
//
// Thread rule: values; one thread.
#pragma once

#include <curl/curl.h>

#include <chrono>
#include <memory>
#include <string>
#include <string_view>

#include "net/http.h"
#include "net/http_client.h"

namespace bhashatts::net {

struct Call {
  const HttpRequest& request;
  const HttpOptions& options;
  std::string token;  // the request's, trimmed
  std::string trace_id;
  std::chrono::steady_clock::time_point started;

  std::chrono::milliseconds elapsed() const;
};

// Header lines as curl takes them; checked, so that no value ends its line early.
class HeaderLines {
 public:
  // Raises TransportError (config_invalid) for a name or a value that no header may have.
  void add(const Call& call, std::string_view name, std::string_view value);
  void suppress(std::string_view name);  // one that curl would add by itself
  curl_slist* list() const noexcept { return list_.get(); }

 private:
  void append(const std::string& line);
  std::unique_ptr<curl_slist, decltype(&curl_slist_free_all)> list_{nullptr, &curl_slist_free_all};
};

}  // namespace bhashatts::net
