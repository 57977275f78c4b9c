#include "synth/json_path.h"

#include <algorithm>
#include <charconv>
#include <utility>

#include "bhashatts/error.h"

namespace bhashatts::synth {
namespace {

constexpr int kDeepest = 32;
constexpr std::size_t kMostValues = 10'000'000;
constexpr std::size_t kLongestPath = 200;
constexpr std::size_t kMostParts = 8;

// Counts what a parser would have to build, before it builds anything. Every value but the first of
// a list follows a comma or an opening bracket.
class Bounds {
 public:
  bool holds(std::string_view text) {
    return std::all_of(text.begin(), text.end(), [this](char c) { return accepts(c); });
  }

 private:
  bool accepts(char c) {
    if (in_string_) {
      in_string_ = escaped_ || c != '"';
      escaped_ = !escaped_ && c == '\\';
      return true;
    }
    switch (c) {
      case '"': in_string_ = true; return true;
      case '[':
      case '{': ++depth_; return depth_ <= kDeepest && ++values_ <= kMostValues;
      case ']':
      case '}': --depth_; return true;
      case ',': return ++values_ <= kMostValues;
      default: return true;
    }
  }

  bool in_string_ = false;
  bool escaped_ = false;
  int depth_ = 0;
  std::size_t values_ = 0;
};

std::string_view take_part(std::string_view& path) {
  const auto dot = path.find('.');
  const auto part = path.substr(0, dot);
  path.remove_prefix(dot == std::string_view::npos ? path.size() : dot + 1);
  return part;
}

const Json* member(const Json& json, std::string_view part) {
  if (json.is_object()) {
    const auto found = json.find(std::string(part));
    return found == json.end() ? nullptr : &*found;
  }
  std::size_t index = 0;
  const auto end = part.data() + part.size();
  const auto [last, failure] = std::from_chars(part.data(), end, index);
  const bool is_index = failure == std::errc{} && last == end;
  return is_index && json.is_array() && index < json.size() ? &json[index] : nullptr;
}

}  // namespace

std::optional<Json> parse_json(std::string_view text) {
  if (!Bounds().holds(text)) return std::nullopt;
  Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return std::nullopt;
  return json;
}

const Json* find_path(const Json& root, std::string_view path) {
  const Json* at = &root;
  while (at != nullptr && !path.empty()) at = member(*at, take_part(path));
  return at;
}

void put_path(Json& root, std::string_view path, Json value) {
  Json* at = &root;
  while (!path.empty()) {
    if (at->is_null()) *at = Json::object();
    if (!at->is_object()) break;
    at = &(*at)[std::string(take_part(path))];
  }
  const bool taken = !path.empty() || !(at->is_null() || (at->is_object() && at->empty()));
  if (taken) {
    throw Error(ErrorCode::config_invalid,
                "two of the settings of field names want one place in the request");
  }
  *at = std::move(value);
}

void require_path(std::string_view path, std::string_view setting) {
  std::size_t parts = 0;
  bool good = !path.empty() && path.size() <= kLongestPath && path.back() != '.';
  while (good && !path.empty()) good = !take_part(path).empty() && ++parts <= kMostParts;
  if (good) return;
  throw Error(ErrorCode::config_invalid,
              std::string(setting) + " must be names of fields, separated by single dots");
}

std::string dumped(const Json& json) {
  return json.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace bhashatts::synth
