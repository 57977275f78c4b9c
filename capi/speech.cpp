// Exports: what a speech is, and where it can be fetched.
#include <array>
#include <bit>
#include <cstddef>
#include <optional>
#include <string>

#include "engine_object.h"
#include "guard.h"
#include "hex.h"
#include "values.h"

namespace bhashatts::c {
namespace {

bhashatts_string* url_string(std::optional<std::string> url) {
  if (url) return made_string(*std::move(url));
  throw Error(ErrorCode::not_found, "there is no object of it in the store");
}

void fill(bhashatts_speech_info& info, const Speech& speech) noexcept {
  const AudioMetadata& metadata = speech.metadata();
  write_hex(speech.cache_key(), info.cache_key);
  info.format = static_cast<bhashatts_format>(metadata.format);
  info.origin = static_cast<bhashatts_origin>(speech.origin());
  info.cached = speech.cached() ? 1 : 0;
  info.fallback = speech.fallback() ? 1 : 0;
  info.sample_rate = static_cast<std::int32_t>(metadata.sample_rate);
  info.duration_ms = metadata.duration_ms;
  info.cost_micro_usd = speech.cost_micro_usd();
  info.generation_time_ms = metadata.generation_time_ms;
  info.generation_cost_micro_usd = metadata.generation_cost_micro_usd;
  info.created_at = metadata.created_at;
  info.take = metadata.take;
  info.utterances = metadata.utterances;
  info.language = text_of(metadata.language);
  info.voice_style = text_of(metadata.voice_style);
  info.synthesizer = text_of(metadata.synthesizer);
}

}  // namespace

BHASHATTS_EXPORT bhashatts_status bhashatts_speech_audio(const bhashatts_speech* speech,
                                                         const std::uint8_t** data,
                                                         std::size_t* size) {
  return guarded([&] {
    if (data == nullptr) refuse_null("data");
    if (size == nullptr) refuse_null("size");
    const auto glance = table<SpeechObject>.glance(number_of(speech));
    if (!glance) refuse_handle(speech, Kind::speech);
    *data = glance->data;
    *size = glance->size;
  });
}

BHASHATTS_EXPORT const char* bhashatts_origin_name(bhashatts_origin origin) {
  const bool known = origin >= 1 && origin <= static_cast<bhashatts_origin>(kOrigins);
  return known ? name(static_cast<Origin>(origin)).data() : "";
}

BHASHATTS_EXPORT bhashatts_status bhashatts_speech_get_info(const bhashatts_speech* speech,
                                                            bhashatts_speech_info* info) {
  return guarded([&] {
    const std::size_t size = checked_size(info);
    const auto object = pinned(speech);
    if (size >= sizeof *info) return fill(*info, object->speech);
    bhashatts_speech_info whole = BHASHATTS_SPEECH_INFO_INIT;
    fill(whole, object->speech);
    write(whole, info);
  });
}

BHASHATTS_EXPORT bhashatts_status bhashatts_engine_url(bhashatts_engine* engine,
                                                       const bhashatts_speech* speech,
                                                       bhashatts_string** url) {
  return guarded([&] {
    begin_output(url, "url");
    *url = url_string(engine_in(pinned(engine)).url(pinned(speech)->speech));
  });
}

BHASHATTS_EXPORT bhashatts_status bhashatts_engine_story_page_url(bhashatts_engine* engine,
                                                                  bhashatts_text story_id,
                                                                  std::int32_t page_number,
                                                                  bhashatts_text voice_style,
                                                                  bhashatts_string** url) {
  return guarded([&] {
    begin_output(url, "url");
    *url = url_string(engine_in(pinned(engine))
                          .story_page_url(name_of(story_id, "story_id"), page_number,
                                          name_of(voice_style, "voice_style")));
  });
}

BHASHATTS_EXPORT bhashatts_status bhashatts_speech_destroy(bhashatts_speech* speech) {
  return guarded([&] { destroyed(speech); });
}

}  // namespace bhashatts::c
