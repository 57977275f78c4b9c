// What an upstream says of its failure, out of all the shapes that such words come in.
//
// Thread rule: pure functions.
#pragma once

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "net/http.h"

namespace bhashatts::synth {

struct ReplyWords {
  std::string text;         // as it came, at most 2,000 bytes: secrets may be in it
  bool is_page = false;     // HTML: somebody between us and the upstream, or its front
  bool is_loading = false;  // says that the model is being loaded, and is no page
  // Of the JSON, as a number or a string of digits, at most 60 s; nothing for nonsense.
  std::optional<std::chrono::milliseconds> estimated_time;

  bool say(std::string_view lower_case) const;  // without regard to case
};

ReplyWords words_of(const net::HttpReply& reply);
// The same of one JSON value, such as the data of an event.
ReplyWords words_of_json(std::string_view json);

// One line for logs: HTTP status, the request's ids and the words, without secrets.
std::string detail_of(const net::HttpReply& reply, std::string_view words, std::string_view secret);

// "... Try again in 2:05:11" or "1 day, 2:05:11", as Python writes a span of time.
std::optional<std::chrono::milliseconds> time_to_come_back(std::string_view words);

}  // namespace bhashatts::synth
