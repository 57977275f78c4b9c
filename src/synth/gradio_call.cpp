#include "synth/gradio_call.h"

#include <algorithm>
#include <cctype>
#include <optional>
#include <utility>

#include "bhashatts/error.h"
#include "synth/seed.h"

namespace bhashatts::synth {
namespace {

constexpr std::string_view kText = "{text}";
constexpr std::size_t kLongestId = 128;
constexpr int kDeepest = 4;

// parse_json bounds how deep this goes.
bool mentions_text(const Json& json) {
  if (json.is_string()) return json.get_ref<const std::string&>() == kText;
  return json.is_structured() && std::any_of(json.begin(), json.end(), mentions_text);
}

std::optional<Json> meaning_of(std::string_view name, const SynthesisRequest& request) {
  if (name == kText) return std::string(request.text);
  if (name == "{description}") return std::string(request.description);
  if (name == "{language}") return std::string(request.language);
  if (name == "{seed}") return seed_of(request);
  return std::nullopt;
}

Json filled_in(const Json& json, const SynthesisRequest& request) {
  if (json.is_string()) {
    return meaning_of(json.get_ref<const std::string&>(), request).value_or(json);
  }
  Json filled = json;
  if (filled.is_structured()) {
    for (Json& item : filled) item = filled_in(item, request);
  }
  return filled;
}

bool is_address(std::string_view text) {
  return text.starts_with("http://") || text.starts_with("https://");
}

GradioFile of_string(std::string text) {
  if (is_address(text)) return {.path = {}, .url = std::move(text)};
  return {.path = std::move(text), .url = {}};
}

std::string string_at(const Json& object, const char* name) {
  const auto found = object.find(name);
  return found != object.end() && found->is_string() ? found->get<std::string>() : std::string();
}

std::optional<GradioFile> find_file(const Json& json, int depth);

std::optional<GradioFile> find_in_object(const Json& object, int depth) {
  GradioFile file{.path = string_at(object, "path"), .url = string_at(object, "url")};
  if (file.path.empty()) file.path = string_at(object, "name");  // as Gradio 3 named it
  if (is_address(file.path) && file.url.empty()) std::swap(file.path, file.url);
  if (!file.path.empty() || !file.url.empty()) return file;
  const auto value = object.find("value");
  return value == object.end() ? std::nullopt : find_file(*value, depth + 1);
}

std::optional<GradioFile> find_file(const Json& json, int depth) {
  if (depth > kDeepest) return std::nullopt;
  if (json.is_string() && !json.get_ref<const std::string&>().empty()) {
    return of_string(json.get<std::string>());
  }
  if (json.is_object()) return find_in_object(json, depth);
  if (!json.is_array()) return std::nullopt;
  for (const Json& item : json) {
    if (auto file = find_file(item, depth + 1)) return file;
  }
  return std::nullopt;
}

}  // namespace

Json checked_arguments(std::string_view arguments) {
  auto json = parse_json(arguments);
  if (json && json->is_array() && mentions_text(*json)) return *std::move(json);
  throw Error(ErrorCode::config_invalid,
              "BHASHATTS_GRADIO_ARGUMENTS must be a JSON list with \"{text}\" in it");
}

std::string call_body(const Json& arguments, const SynthesisRequest& request) {
  return dumped(Json{{"data", filled_in(arguments, request)}});
}

std::string event_id_in(std::string_view body) {
  const auto json = parse_json(body);
  if (!json || !json->is_object()) return {};
  const std::string id = string_at(*json, "event_id");
  const auto plain = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '-' || c == '_';
  };
  return id.size() <= kLongestId && std::all_of(id.begin(), id.end(), plain) ? id : std::string();
}

GradioFile file_in(std::string_view data) {
  const auto json = parse_json(data);
  auto file = json ? find_file(*json, 0) : std::nullopt;
  if (file) return *std::move(file);
  throw Error(ErrorCode::bad_audio,
              "the Gradio app gave no audio file: check BHASHATTS_GRADIO_API_NAME");
}

}  // namespace bhashatts::synth
