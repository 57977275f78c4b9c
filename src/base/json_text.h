// JSON objects and lists as text, member by member, on one line.
//
// Not as a tree of nlohmann's: a tree allocates memory while it is destroyed, and where there is
// none that ends the process. Scalars are left to nlohmann, whose strings are escaped, and cured of
// bytes that are no UTF-8, and whose numbers have the fewest digits that give them back.
//
// Thread rule: values.
#pragma once

#include <concepts>
#include <nlohmann/json.hpp>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>

namespace bhashatts {

class JsonObject;
class JsonList;

// Of a JsonObject or JsonList its own text; nothing is null.
template <typename Value>
std::string json_text(const Value& value) {
  if constexpr (std::is_same_v<Value, JsonObject> || std::is_same_v<Value, JsonList>) {
    return value.text();
  } else if constexpr (std::is_same_v<Value, bool>) {
    return value ? "true" : "false";
  } else if constexpr (std::integral<Value>) {
    return std::to_string(value);
  } else {
    return nlohmann::json(value).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  }
}
template <typename Value>
std::string json_text(const std::optional<Value>& value) {
  return value ? json_text(*value) : "null";
}

class JsonObject {
 public:
  template <typename Value>
  JsonObject& add(std::string_view name, const Value& value) {
    return add_text(name, json_text(value));
  }
  // json: JSON already.
  JsonObject& add_text(std::string_view name, std::string_view json) {
    if (!members_.empty()) members_ += ',';
    members_ += json_text(name);
    members_ += ':';
    members_ += json;
    return *this;
  }
  std::string text() const { return "{" + members_ + "}"; }

 private:
  std::string members_;
};

class JsonList {
 public:
  template <typename Value>
  JsonList& add(const Value& value) {
    if (!elements_.empty()) elements_ += ',';
    elements_ += json_text(value);
    return *this;
  }
  // One element of each, made by element(one).
  template <typename Range, typename Element>
  static JsonList of(const Range& range, const Element& element) {
    JsonList list;
    for (const auto& one : range) list.add(element(one));
    return list;
  }
  template <typename Range>
  static JsonList of(const Range& range) {
    return of(
        range, [](const auto& one) -> const auto& { return one; });
  }
  std::string text() const { return "[" + elements_ + "]"; }

 private:
  std::string elements_;
};

}  // namespace bhashatts
