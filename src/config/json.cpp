// Config::from_json. A flat object is read as a stream of events rather than into a tree: a number
// keeps the digits it was written with (a budget never passes through floating point), a name given
// twice is seen, and nesting, however deep, is refused at its first bracket.
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "bhashatts/config.h"
#include "bhashatts/error.h"
#include "config/nearest.h"
#include "config/table.h"

namespace bhashatts {
namespace {

using config::Kind;
using config::Setting;
using nlohmann::json;

constexpr std::size_t kLargestDocument = std::size_t{1} << 20;

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::config_invalid, message);
}

class Reader final : public nlohmann::json_sax<json> {
 public:
  explicit Reader(Config& config) : config_(config) {}

  bool null() override { wrong_type(); }
  bool boolean(bool value) override {
    return take(value ? "true" : "false", current().kind == Kind::boolean);
  }
  bool number_integer(number_integer_t value) override { return number(std::to_string(value)); }
  bool number_unsigned(number_unsigned_t value) override { return number(std::to_string(value)); }
  bool number_float(number_float_t, const string_t& digits) override { return number(digits); }
  bool string(string_t& value) override {
    const Kind kind = current().kind;
    return take(value, kind != Kind::boolean && kind != Kind::integer);
  }
  bool binary(binary_t&) override { wrong_type(); }

  bool start_object(std::size_t) override {
    if (inside_) wrong_type();
    return inside_ = true;
  }
  bool key(string_t& name) override {
    setting_ = config::find_by_name(name);
    if (setting_ == nullptr) {
      refuse("unknown setting " + config::printable_name(name) +
             config::did_you_mean(name, &Setting::name));
    }
    if (!seen_.insert(setting_).second) refuse(name + " is given twice");
    return true;
  }
  bool end_object() override { return true; }
  bool start_array(std::size_t) override { wrong_type(); }
  bool end_array() override { return true; }

  // The parser's own message quotes what it read, which may be part of a secret.
  bool parse_error(std::size_t position, const std::string&, const json::exception&) override {
    refuse("the configuration is not valid JSON at byte " + std::to_string(position));
  }

 private:
  const Setting& current() const {
    if (setting_ == nullptr) refuse("the configuration must be one JSON object");
    return *setting_;
  }
  bool number(const std::string& digits) {
    return take(digits, current().kind == Kind::integer || current().kind == Kind::dollars);
  }
  bool take(const std::string& value, bool right_type) {
    if (!right_type) wrong_type();
    config::assign(config_, current(), value, current().name);
    return true;
  }
  [[noreturn]] void wrong_type() const {
    refuse(std::string(current().name) + " must be " + json_type() + ": " +
           config::expected_form(current()));
  }
  std::string json_type() const {
    switch (current().kind) {
      case Kind::boolean: return "a JSON boolean";
      case Kind::integer: return "a JSON number";
      case Kind::dollars: return "a JSON number or string";
      default: return "a JSON string";
    }
  }

  Config& config_;
  const Setting* setting_ = nullptr;
  std::set<const Setting*> seen_;
  bool inside_ = false;
};

}  // namespace

Config Config::from_json(std::string_view text, Config base) {
  if (text.size() > kLargestDocument) refuse("the configuration is larger than 1 MiB");
  Reader reader(base);
  json::sax_parse(text.begin(), text.end(), &reader);
  return base;
}

}  // namespace bhashatts
