#include "net/call.h"

#include <new>

#include "net/ascii.h"

namespace bhashatts::net {
namespace {

bool is_header_value(std::string_view text) {
  return text.find_first_of(std::string_view("\r\n\0", 3)) == std::string_view::npos;
}

}  // namespace

std::chrono::milliseconds Call::elapsed() const {
  return std::chrono::duration_cast<std::chrono::milliseconds>(std::chrono::steady_clock::now() -
                                                               started);
}

void HeaderLines::add(const Call& call, std::string_view name, std::string_view value) {
  if (!is_token(name) || !is_header_value(value)) {
    throw TransportError(
        Error(ErrorCode::config_invalid,
              "a header of the request has a character that no header may have; check the token "
              "and the settings that are sent along"),
        false, call.elapsed());
  }
  // To curl "Name:" means to leave a header out, and "Name;" to send it empty.
  append(std::string(name) + (value.empty() ? ";" : ": " + std::string(value)));
}

void HeaderLines::suppress(std::string_view name) { append(std::string(name) + ":"); }

void HeaderLines::append(const std::string& line) {
  curl_slist* const longer = curl_slist_append(list_.get(), line.c_str());
  if (longer == nullptr) throw std::bad_alloc();
  static_cast<void>(list_.release());
  list_.reset(longer);
}

}  // namespace bhashatts::net
