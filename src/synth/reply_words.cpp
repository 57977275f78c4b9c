// The shapes are those seen in the wild (Hugging Face's router and toolkit, FastAPI, OpenAI,
// problem+json, Gradio, proxies). One walk finds them all: wherever one of the known names stands,
// its value is words, or a list or an object of more of the same.
#include "synth/reply_words.h"

#include <algorithm>
#include <array>
#include <cctype>
#include <charconv>

#include "net/header_values.h"
#include "net/secrets.h"
#include "synth/json_path.h"

namespace bhashatts::synth {
namespace {

constexpr std::size_t kMostRead = std::size_t{64} << 10;  // of a body; errors are short
constexpr std::size_t kMostWords = 2'000;
constexpr std::size_t kMostDetail = 600;
constexpr int kDeepestWords = 5;

constexpr std::array<std::string_view, 12> kNames{
    "error",   "errors", "message", "error_message", "error_description", "detail",
    "details", "msg",    "title",   "reason",        "error_type",        "warnings"};

char lower(char c) { return static_cast<char>(std::tolower(static_cast<unsigned char>(c))); }

std::string lowered(std::string_view text) {
  std::string lower_case(text);
  std::transform(text.begin(), text.end(), lower_case.begin(), lower);
  return lower_case;
}

void add(std::string& words, std::string_view more) {
  if (more.empty() || words.size() >= kMostWords) return;
  if (!words.empty()) words += "; ";
  words += more.substr(0, kMostWords - words.size());
}

void collect(const Json& json, std::string& words, int depth) {
  if (json.is_string()) add(words, json.get_ref<const std::string&>());
  if (depth == kDeepestWords) return;
  if (json.is_array()) {
    for (const Json& item : json) collect(item, words, depth + 1);
  } else if (json.is_object()) {
    for (const std::string_view name : kNames) {
      const auto found = json.find(std::string(name));
      if (found != json.end()) collect(*found, words, depth + 1);
    }
  }
}

std::optional<std::chrono::milliseconds> estimate_of(const Json& value) {
  if (value.is_number() && value.get<double>() >= 0) {
    const double seconds = std::min(value.get<double>(), 60.0);
    return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1'000));
  }
  if (!value.is_string()) return std::nullopt;
  const auto parsed = net::parse_seconds(value.get_ref<const std::string&>());
  if (!parsed) return std::nullopt;
  return std::min(*parsed, net::kLongestWait);
}

bool looks_like_page(const net::HttpReply& reply) {
  if (net::media_type_of(reply.header("content-type")) == "text/html") return true;
  const auto begin = reply.body.find_first_not_of(" \t\r\n");
  if (begin == std::string::npos || reply.body[begin] != '<') return false;
  const std::string head = lowered(std::string_view(reply.body).substr(begin, 256));
  return head.starts_with("<!doctype html") || head.find("<html") != std::string::npos;
}

// A page's words between its tags.
std::string without_tags(std::string_view page) {
  std::string text;
  bool in_tag = false;
  for (const char c : page) {
    if (c == '<') in_tag = true;
    const bool blank = in_tag || std::isspace(static_cast<unsigned char>(c)) != 0;
    if (!blank) text += c;
    if (blank && !text.empty() && text.back() != ' ') text += ' ';
    if (c == '>') in_tag = false;
    if (text.size() >= kMostWords) break;
  }
  return text;
}

ReplyWords words_in(const Json& json) {
  ReplyWords words;
  collect(json, words.text, 0);
  const Json* const estimate = json.is_object() ? find_path(json, "estimated_time") : nullptr;
  words.is_loading = estimate != nullptr;  // also where it is null, or nonsense
  if (estimate != nullptr) words.estimated_time = estimate_of(*estimate);
  return words;
}

ReplyWords words_in_body(const net::HttpReply& reply) {
  const auto body = std::string_view(reply.body).substr(0, kMostRead);
  ReplyWords words;
  if (looks_like_page(reply)) {
    words.is_page = true;
    words.text = without_tags(body);
  } else if (const auto json = parse_json(body)) {
    words = words_in(*json);
  }
  if (words.text.empty()) add(words.text, body);  // no JSON, or in a shape of its own
  return words;
}

void notice_loading(ReplyWords& words) {
  constexpr std::array<std::string_view, 5> kSigns{"loading", "starting", "initializing",
                                                   "initialising", "scaling up"};
  const auto says = [&](std::string_view sign) { return words.say(sign); };
  if (!words.is_page && std::any_of(kSigns.begin(), kSigns.end(), says)) words.is_loading = true;
}

// Reads "12:" or "12" off the front.
std::optional<std::int64_t> take_number(std::string_view& text) {
  std::int64_t number = 0;
  const auto [last, failure] = std::from_chars(text.data(), text.data() + text.size(), number);
  if (failure != std::errc{} || number < 0 || number > 100'000) return std::nullopt;
  text.remove_prefix(static_cast<std::size_t>(last - text.data()));
  return number;
}

// "1 day, " or "3 days, " off the front, in days; 0 where there is none.
std::int64_t take_days(std::string_view& text) {
  std::string_view rest = text;
  const auto days = take_number(rest);
  if (!days || !rest.starts_with(" day")) return 0;
  const auto comma = rest.find(", ");
  if (comma == std::string_view::npos) return 0;
  text = rest.substr(comma + 2);
  return *days;
}

}  // namespace

bool ReplyWords::say(std::string_view lower_case) const {
  const auto same = [](char a, char b) { return lower(a) == b; };
  return std::search(text.begin(), text.end(), lower_case.begin(), lower_case.end(), same) !=
         text.end();
}

ReplyWords words_of(const net::HttpReply& reply) {
  ReplyWords words = words_in_body(reply);
  for (const std::string_view name : {"x-error-message", "x-error-code", "x-hf-warning"}) {
    add(words.text, reply.header(name));
  }
  notice_loading(words);
  return words;
}

ReplyWords words_of_json(std::string_view json) {
  ReplyWords words;
  if (const auto parsed = parse_json(json.substr(0, kMostRead))) {
    words = words_in(*parsed);
  } else {
    add(words.text, json);
  }
  notice_loading(words);
  return words;
}

std::string detail_of(const net::HttpReply& reply, std::string_view words,
                      std::string_view secret) {
  std::string detail = "HTTP " + std::to_string(reply.status);
  const std::string request = reply.request_id();
  if (!request.empty()) detail += ", request " + request;
  if (!reply.trace_id.empty()) detail += ", trace " + reply.trace_id;
  if (!words.empty()) detail.append(", said: ").append(words);
  return net::redacted(detail, secret, kMostDetail);
}

std::optional<std::chrono::milliseconds> time_to_come_back(std::string_view words) {
  constexpr std::string_view kSign = "try again in ";
  const std::string lower_case = lowered(words);
  const auto found = lower_case.find(kSign);
  if (found == std::string::npos) return std::nullopt;
  std::string_view text = std::string_view(lower_case).substr(found + kSign.size());
  std::int64_t seconds = 0;
  const std::int64_t days = take_days(text);
  for (int part = 0; part < 3; ++part) {
    const auto number = take_number(text);
    if (!number || (part < 2 && !text.starts_with(':'))) return std::nullopt;
    seconds = seconds * 60 + *number;
    if (part < 2) text.remove_prefix(1);
  }
  return std::chrono::seconds(days * 86'400 + seconds);
}

}  // namespace bhashatts::synth
