// What is wrong with a text that is no JSON, in words for who wrote it.
//
// Thread rule: a pure function.
#pragma once

#include <cstddef>
#include <exception>
#include <string>
#include <string_view>

namespace bhashatts::config {

// position: of the fault, in bytes; error: what nlohmann_json raised.
inline std::string json_fault(std::size_t position, const std::exception& error) {
  const bool bad_bytes = std::string_view(error.what()).find("UTF-8") != std::string_view::npos;
  return (bad_bytes ? "invalid UTF-8 at byte " : "not valid JSON at byte ") +
         std::to_string(position);
}

}  // namespace bhashatts::config
