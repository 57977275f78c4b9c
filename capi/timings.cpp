// Exports: when what is heard.
#include "engine_object.h"
#include "guard.h"
#include "values.h"

namespace bhashatts::c {
namespace {

const std::vector<Timing>& list_of(const Timings& timings, bhashatts_timing_kind kind) {
  if (kind == BHASHATTS_UTTERANCES) return timings.utterances;
  if (kind == BHASHATTS_WORDS) return timings.words;
  throw Error(ErrorCode::bad_request, "unknown kind of timings; use UTTERANCES or WORDS");
}

bhashatts_timing timing_of(const Timing& from) noexcept {
  bhashatts_timing timing = BHASHATTS_TIMING_INIT;
  timing.start_ms = from.start_ms;
  timing.end_ms = from.end_ms;
  timing.begin = from.text.begin;
  timing.end = from.text.end;
  timing.begin_utf16 = from.text.begin_utf16;
  timing.end_utf16 = from.text.end_utf16;
  return timing;
}

}  // namespace

BHASHATTS_EXPORT bhashatts_status bhashatts_engine_timings(bhashatts_engine* engine,
                                                           const bhashatts_request* request,
                                                           const bhashatts_speech* speech,
                                                           bhashatts_timings** timings) {
  return guarded([&] {
    begin_output(timings, "timings");
    const auto of = pinned(speech);
    *timings =
        made<bhashatts_timings>(engine_in(pinned(engine)).timings(request_of(request), of->speech));
  });
}

BHASHATTS_EXPORT bhashatts_status bhashatts_timings_count(const bhashatts_timings* timings,
                                                          bhashatts_timing_kind kind,
                                                          std::size_t* count) {
  return guarded([&] {
    if (count == nullptr) refuse_null("count");
    *count = list_of(pinned(timings)->timings, kind).size();
  });
}

BHASHATTS_EXPORT bhashatts_status bhashatts_timings_get(const bhashatts_timings* timings,
                                                        bhashatts_timing_kind kind,
                                                        std::size_t index,
                                                        bhashatts_timing* timing) {
  return guarded([&] {
    checked_size(timing);
    const auto object = pinned(timings);
    const std::vector<Timing>& list = list_of(object->timings, kind);
    if (index >= list.size()) {
      throw Error(ErrorCode::not_found, "there are " + std::to_string(list.size()) +
                                            " timings of that kind, counted from 0");
    }
    write(timing_of(list[index]), timing);
  });
}

BHASHATTS_EXPORT bhashatts_status bhashatts_timings_json(const bhashatts_timings* timings,
                                                         bhashatts_string** json) {
  return guarded([&] {
    begin_output(json, "json");
    *json = made_string(pinned(timings)->timings.to_json());
  });
}

BHASHATTS_EXPORT bhashatts_status bhashatts_timings_webvtt(const bhashatts_timings* timings,
                                                           bhashatts_text text,
                                                           bhashatts_string** vtt) {
  return guarded([&] {
    begin_output(vtt, "vtt");
    *vtt = made_string(pinned(timings)->timings.to_webvtt(name_of(text, "text")));
  });
}

BHASHATTS_EXPORT bhashatts_status bhashatts_timings_destroy(bhashatts_timings* timings) {
  return guarded([&] { destroyed(timings); });
}

}  // namespace bhashatts::c
