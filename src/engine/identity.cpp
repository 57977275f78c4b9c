// A key is a hash over length-prefixed fields, the first of which names the kind of key and the
// version of its form.
#include "engine/identity.h"

#include <nlohmann/json.hpp>

#include "base/hash.h"

namespace bhashatts::engine {
namespace {

constexpr std::string_view kBaseForm = "bhashatts base 1";
constexpr std::string_view kUtteranceForm = "bhashatts utterance 1";
constexpr std::string_view kSpeechForm = "bhashatts speech 2";
constexpr int kCommentVersion = 1;

std::string_view bytes_of(const Key& key) {
  return {reinterpret_cast<const char*>(key.bytes.data()), key.bytes.size()};
}

}  // namespace

Key base_key(std::string_view synthesizer, std::string_view description, std::string_view language,
             std::string_view text, std::string_view secret) {
  return KeyHasher(secret)
      .field(kBaseForm)
      .field(synthesizer)
      .field(description)
      .field(language)
      .field(text)
      .finish();
}

Key utterance_key(const Key& base, std::int32_t take, std::string_view secret) {
  return KeyHasher(secret).field(kUtteranceForm).field(bytes_of(base)).field(take).finish();
}

Key speech_key(std::span<const Key> utterances, std::span<const std::int64_t> pauses,
               AudioFormat format, std::string_view secret) {
  KeyHasher hasher(secret);
  hasher.field(kSpeechForm).field(static_cast<std::int64_t>(utterances.size()));
  for (std::size_t i = 0; i < utterances.size(); ++i) {
    hasher.field(bytes_of(utterances[i])).field(i < pauses.size() ? pauses[i] : 0);
  }
  return hasher.field(name(format)).finish();
}

Key speech_key(const Key& utterance, AudioFormat format, std::string_view secret) {
  return speech_key({&utterance, 1}, {}, format, secret);
}

std::string to_comment(const Identity& identity) {
  return nlohmann::json{{"bhashatts", kCommentVersion},
                        {"synthesizer", identity.synthesizer},
                        {"description", identity.description},
                        {"language", identity.language},
                        {"voice_style", identity.voice_style},
                        {"text", identity.text},
                        {"take", identity.take}}
      .dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

std::optional<Identity> from_comment(std::string_view comment) {
  const auto json = nlohmann::json::parse(comment, nullptr, /*allow_exceptions=*/false);
  if (!json.is_object() || json.value("bhashatts", nlohmann::json()) != kCommentVersion) {
    return std::nullopt;
  }
  try {
    return Identity{.synthesizer = json.at("synthesizer"),
                    .description = json.at("description"),
                    .language = json.at("language"),
                    .voice_style = json.at("voice_style"),
                    .text = json.at("text"),
                    .take = json.at("take")};
  } catch (const nlohmann::json::exception&) {
    return std::nullopt;
  }
}

}  // namespace bhashatts::engine
