// Nothing here trusts a label: servers send FLAC when asked for WAV, and raw samples as audio/wav.
// What the bytes do not show to be audio is refused before anybody decodes it.
#include "synth/audio_reply.h"

#include <algorithm>
#include <array>
#include <optional>
#include <span>
#include <utility>

#include "audio/codec.h"
#include "audio/magic.h"
#include "bhashatts/error.h"
#include "net/header_values.h"
#include "synth/base64.h"
#include "synth/json_path.h"
#include "synth/json_samples.h"

namespace bhashatts::synth {
namespace {

constexpr std::array<std::string_view, 14> kCommonNames{
    "audio",  "audio_base64", "audioBase64", "audio_content", "audioContent", "b64_json", "base64",
    "output", "data",         "blob",        "url",           "audio_url",    "wav",      "speech"};
constexpr int kDeepest = 4;  // objects in objects before it is no answer any more

Error bad_audio(std::string message, bool retryable = false) {
  return {ErrorCode::bad_audio, std::move(message), retryable};
}

bool is_audio(std::string_view chars) {
  return audio::recognise(std::as_bytes(std::span(chars))).has_value();
}

SharedBytes require_audio(std::string bytes) {
  if (bytes.empty()) throw bad_audio("the upstream sent no audio", true);
  if (!is_audio(bytes)) {
    throw bad_audio(
        "the upstream sent base64 of something that is no wav, flac, opus, mp3 or aiff: set its "
        "output format to wav");
  }
  return SharedBytes::adopt(std::move(bytes));
}

bool is_address(std::string_view text) {
  return text.starts_with("https://") || text.starts_with("http://");
}

AudioAnswer of_text(std::string_view text) {
  if (is_address(text)) return AudioAddress{std::string(text)};
  if (text.starts_with("data:")) {
    const auto comma = text.substr(0, 200).find(";base64,");
    if (comma == std::string_view::npos) throw bad_audio("the data: address holds no base64");
    text.remove_prefix(comma + std::string_view(";base64,").size());
  }
  auto bytes = decode_base64(text);
  if (!bytes) throw bad_audio("the base64 of the audio is damaged or cut off", true);
  return require_audio(*std::move(bytes));
}

std::optional<AudioAnswer> of_value(const Json& value, const Json& beside, int depth);

// Under such a name also what is relative is an address.
bool names_address(std::string_view name, const Json& value) {
  return (name == "url" || name == "audio_url") && value.is_string() &&
         !value.get_ref<const std::string&>().starts_with("data:");
}

std::optional<AudioAnswer> of_names(const Json& object, int depth) {
  for (const std::string_view name : kCommonNames) {
    const auto found = object.find(std::string(name));
    if (found == object.end()) continue;
    if (names_address(name, *found)) return AudioAddress{found->get<std::string>()};
    if (auto answer = of_value(*found, object, depth + 1)) return answer;
  }
  return std::nullopt;
}

std::optional<AudioAnswer> of_object(const Json& object, int depth) {
  const auto array = object.find("array");  // {"array": [...], "sampling_rate": ...}
  if (array != object.end() && array->is_array()) return wav_of(*array, object);
  return of_names(object, depth);
}

// A list is samples, or a list of answers of which the first is ours.
std::optional<AudioAnswer> of_list(const Json& list, const Json& beside, int depth) {
  if (list.empty()) return std::nullopt;
  if (list.front().is_object() || list.front().is_string()) {
    return of_value(list.front(), beside, depth + 1);
  }
  return std::nullopt;
}

// beside: what stands around the value, where a sampling rate may be.
std::optional<AudioAnswer> of_value(const Json& value, const Json& beside, int depth) {
  if (depth > kDeepest) return std::nullopt;
  if (value.is_string()) return of_text(value.get_ref<const std::string&>());
  if (value.is_object()) return of_object(value, depth);
  if (!value.is_array()) return std::nullopt;
  if (holds_samples(value)) return wav_of(value, beside);
  return of_list(value, beside, depth);
}

// The object that holds the field: "output.audio" lies in what "output" leads to.
const Json& around(const Json& root, std::string_view field) {
  const auto dot = field.rfind('.');
  const Json* const parent =
      dot == std::string_view::npos ? &root : find_path(root, field.substr(0, dot));
  return parent == nullptr ? root : *parent;
}

AudioAnswer of_json(const Json& root, const AudioShape& shape) {
  const Json* const value = shape.field.empty() ? nullptr : find_path(root, shape.field);
  std::optional<AudioAnswer> answer;
  if (value != nullptr) answer = of_value(*value, around(root, shape.field), 0);
  if (!answer) answer = of_value(root, root, 0);
  if (answer) return *std::move(answer);
  throw bad_audio(
      "the upstream sent JSON without audio: set BHASHATTS_AUDIO_FIELD to the field that holds it");
}

bool is_text_type(std::string_view media_type) {
  return media_type.starts_with("text/") || media_type.find("json") != std::string_view::npos ||
         media_type.find("xml") != std::string_view::npos;
}

// Four letters at the start are no accident; the sync of an MP3 frame, eleven bits, may well be the
// first sample.
bool is_container(std::string_view chars) {
  return (chars.starts_with("RIFF") || chars.starts_with("fLaC") || chars.starts_with("OggS") ||
          chars.starts_with("FORM")) &&
         is_audio(chars);
}

SharedBytes of_raw_samples(std::string_view bytes, std::uint32_t rate) {
  if (bytes.size() % 2 != 0) throw bad_audio("the raw samples are cut off in the middle", true);
  audio::Pcm pcm{.sample_rate = rate, .samples = {}};
  pcm.samples.reserve(bytes.size() / 2);
  for (std::size_t i = 0; i + 1 < bytes.size(); i += 2) {
    const auto low = static_cast<unsigned char>(bytes[i]);
    const auto high = static_cast<unsigned char>(bytes[i + 1]);
    pcm.samples.push_back(static_cast<std::int16_t>(low | (high << 8U)));
  }
  return audio::encode(pcm, AudioFormat::wav);
}

Error unreadable(std::string_view media_type, std::string_view body) {
  const auto begin = body.find_first_not_of(" \t\r\n");
  if (media_type == "text/html" || (begin != std::string_view::npos && body[begin] == '<')) {
    return bad_audio(
        "a web page came in place of audio: a proxy or a login page stands before the upstream, or "
        "BHASHATTS_ENDPOINT_URL is not its address");
  }
  if (is_text_type(media_type)) {
    return bad_audio("text came in place of audio: see the log, and check BHASHATTS_ENDPOINT_URL");
  }
  return bad_audio(
      "what the upstream sent is no wav, flac, opus, mp3 or aiff: set its output format to wav, or "
      "declare raw samples with BHASHATTS_OPENAI_FORMAT=pcm and BHASHATTS_OPENAI_PCM_RATE");
}

bool may_be_json(std::string_view body) {
  const auto begin = body.find_first_not_of(" \t\r\n");
  return begin != std::string_view::npos &&
         (std::string_view("{[\"").find(body[begin]) != std::string_view::npos);
}

AudioAnswer read_body(net::HttpReply& reply, const AudioShape& shape) {
  const std::string media_type = net::media_type_of(reply.header("content-type"));
  const bool raw = shape.pcm_rate != 0 && !is_text_type(media_type);
  if (raw && !is_container(reply.body)) return of_raw_samples(reply.body, shape.pcm_rate);
  if (is_audio(reply.body)) return SharedBytes::adopt(std::move(reply.body));
  if (may_be_json(reply.body)) {
    if (const auto json = parse_json(reply.body)) return of_json(*json, shape);
    throw bad_audio("the upstream sent damaged JSON, or samples that are not finite", true);
  }
  throw unreadable(media_type, reply.body);
}

}  // namespace

AudioAnswer read_audio(net::HttpReply& reply, const AudioShape& shape) {
  if (reply.status == 204 || reply.body.empty()) {
    throw bad_audio("the upstream answered with nothing: ask again", true);
  }
  return read_body(reply, shape);
}

}  // namespace bhashatts::synth
