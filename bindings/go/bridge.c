// Each function here is one crossing of the boundary: call, look at what came back, copy the error.
// bridge.h says why.
#include "bridge.h"

#include <stdio.h>

static void copy(char* to, size_t room, const char* from) { snprintf(to, room, "%s", from); }

bgo_done bgo_done_of(bhashatts_status status) {
  bgo_done done = {status, NULL};
  if (status == BHASHATTS_OK) return done;
  bgo_failure* failure = malloc(sizeof *failure);
  if (failure == NULL) return done;
  failure->retryable = bhashatts_error_retryable();
  failure->retry_after_ms = bhashatts_error_retry_after_ms();
  failure->cost_micro_usd = bhashatts_error_cost();
  copy(failure->message, sizeof failure->message, bhashatts_error_message());
  copy(failure->detail, sizeof failure->detail, bhashatts_error_detail());
  done.failure = failure;
  return done;
}

static bgo_handle handle_of(bhashatts_status status, const void* handle) {
  bgo_handle result = {bgo_done_of(status), (uintptr_t)handle};
  return result;
}

// ---- Settings ----

bgo_handle bgo_config_new(int32_t from_environment) {
  bhashatts_config* config = NULL;
  const bhashatts_status status = from_environment ? bhashatts_config_from_environment(&config)
                                                   : bhashatts_config_create(&config);
  return handle_of(status, config);
}

bgo_done bgo_config_set_one(uintptr_t config, bhashatts_text name, bhashatts_text value) {
  return bgo_done_of(bhashatts_config_set((bhashatts_config*)config, name, value));
}

bgo_done bgo_config_set_all(uintptr_t config, bhashatts_text json) {
  return bgo_done_of(bhashatts_config_set_json((bhashatts_config*)config, json));
}

void bgo_config_free(uintptr_t config) { bhashatts_config_destroy((bhashatts_config*)config); }

// ---- Engine ----

bgo_done bgo_close(uintptr_t engine, int64_t drain_ms) {
  return bgo_done_of(bhashatts_engine_close((bhashatts_engine*)engine, drain_ms));
}

void bgo_engine_free(uintptr_t engine) { bhashatts_engine_destroy((bhashatts_engine*)engine); }

bgo_done bgo_flush(uintptr_t engine) {
  return bgo_done_of(bhashatts_engine_flush((bhashatts_engine*)engine));
}

uintptr_t bgo_cancel_new(void) {
  bhashatts_cancel* cancel = NULL;
  bhashatts_cancel_create(&cancel);
  return (uintptr_t)cancel;
}

void bgo_cancel_now(uintptr_t cancel) { bhashatts_cancel_request((bhashatts_cancel*)cancel); }

void bgo_cancel_free(uintptr_t cancel) { bhashatts_cancel_destroy((bhashatts_cancel*)cancel); }

// ---- Speech ----

static bgo_speech speech_of(bhashatts_status status, bhashatts_speech* speech) {
  bgo_speech result = {{0, NULL}, 0, NULL, 0, BHASHATTS_SPEECH_INFO_INIT};
  if (status == BHASHATTS_OK) status = bhashatts_speech_audio(speech, &result.audio, &result.size);
  if (status == BHASHATTS_OK) status = bhashatts_speech_get_info(speech, &result.info);
  result.handle = (uintptr_t)speech;
  if (status != BHASHATTS_OK) result.done = bgo_done_of(status);
  return result;
}

bgo_speech bgo_ask(uintptr_t engine, const bhashatts_request* request, int32_t only_look) {
  bhashatts_engine* at = (bhashatts_engine*)engine;
  bhashatts_speech* speech = NULL;
  const bhashatts_status status = only_look ? bhashatts_engine_lookup(at, request, &speech)
                                            : bhashatts_engine_synthesize(at, request, &speech);
  return speech_of(status, speech);
}

void bgo_speech_free(uintptr_t speech) { bhashatts_speech_destroy((bhashatts_speech*)speech); }

bgo_handle bgo_stream_of(uintptr_t engine, const bhashatts_request* request) {
  bhashatts_stream* stream = NULL;
  const bhashatts_status status =
      bhashatts_engine_stream((bhashatts_engine*)engine, request, &stream);
  return handle_of(status, stream);
}

bgo_utterance bgo_stream_next(uintptr_t stream) {
  bgo_utterance utterance = {.place = BHASHATTS_STREAM_PLACE_INIT};
  bhashatts_speech* speech = NULL;
  const bhashatts_status status =
      bhashatts_stream_next((bhashatts_stream*)stream, &speech, &utterance.place);
  utterance.speech = speech_of(status, speech);
  return utterance;
}

void bgo_stream_free(uintptr_t stream) { bhashatts_stream_destroy((bhashatts_stream*)stream); }

// ---- Texts ----

static bgo_string string_of(bhashatts_status status, bhashatts_string* string) {
  bgo_string result = {{0, NULL}, 0, NULL, 0};
  bhashatts_text text = {NULL, 0};
  if (status == BHASHATTS_OK) status = bhashatts_string_view(string, &text);
  if (status != BHASHATTS_OK) result.done = bgo_done_of(status);
  result.handle = (uintptr_t)string;
  result.data = text.data;
  result.size = text.size;
  return result;
}

void bgo_string_free(uintptr_t string) { bhashatts_string_destroy((bhashatts_string*)string); }

bgo_string bgo_url(uintptr_t engine, uintptr_t speech) {
  bhashatts_string* url = NULL;
  const bhashatts_status status =
      bhashatts_engine_url((bhashatts_engine*)engine, (bhashatts_speech*)speech, &url);
  return string_of(status, url);
}

bgo_string bgo_page_url(uintptr_t engine, bhashatts_text story, int32_t page,
                        bhashatts_text style) {
  bhashatts_string* url = NULL;
  const bhashatts_status status =
      bhashatts_engine_story_page_url((bhashatts_engine*)engine, story, page, style, &url);
  return string_of(status, url);
}

bgo_string bgo_report(uintptr_t engine, int32_t which) {
  bhashatts_engine* at = (bhashatts_engine*)engine;
  bhashatts_string* json = NULL;
  bhashatts_status status = BHASHATTS_BAD_REQUEST;
  switch (which) {
    case BGO_STATUS: status = bhashatts_engine_status(at, &json); break;
    case BGO_STATS: status = bhashatts_engine_stats(at, &json); break;
    case BGO_VERIFY: status = bhashatts_engine_verify(at, 0, &json); break;
    case BGO_REPAIR: status = bhashatts_engine_verify(at, 1, &json); break;
    case BGO_CONFIG: status = bhashatts_engine_config(at, &json); break;
  }
  return string_of(status, json);
}

bgo_string bgo_config_text(uintptr_t config) {
  bhashatts_string* json = NULL;
  const bhashatts_status status = bhashatts_config_json((const bhashatts_config*)config, &json);
  return string_of(status, json);
}

bgo_string bgo_voices_of(bhashatts_text profile) {
  bhashatts_string* json = NULL;
  const bhashatts_status status = bhashatts_voices(profile, &json);
  return string_of(status, json);
}

bgo_string bgo_spoken(bhashatts_text text) {
  bhashatts_string* spoken = NULL;
  const bhashatts_status status = bhashatts_spoken_text(text, &spoken);
  return string_of(status, spoken);
}

// ---- Timings ----

bgo_handle bgo_timings_of(uintptr_t engine, const bhashatts_request* request, uintptr_t speech) {
  bhashatts_timings* timings = NULL;
  const bhashatts_status status = bhashatts_engine_timings(
      (bhashatts_engine*)engine, request, (const bhashatts_speech*)speech, &timings);
  return handle_of(status, timings);
}

size_t bgo_timings_size(uintptr_t timings, bhashatts_timing_kind kind) {
  size_t count = 0;
  bhashatts_timings_count((const bhashatts_timings*)timings, kind, &count);
  return count;
}

bgo_done bgo_timings_fill(uintptr_t timings, bhashatts_timing_kind kind, bhashatts_timing* to,
                          size_t count) {
  for (size_t i = 0; i < count; ++i) {
    to[i].struct_size = sizeof to[i];
    const bhashatts_status status =
        bhashatts_timings_get((const bhashatts_timings*)timings, kind, i, &to[i]);
    if (status != BHASHATTS_OK) return bgo_done_of(status);
  }
  return bgo_done_of(BHASHATTS_OK);
}

bgo_string bgo_timings_vtt(uintptr_t timings, bhashatts_text text) {
  bhashatts_string* vtt = NULL;
  const bhashatts_status status =
      bhashatts_timings_webvtt((const bhashatts_timings*)timings, text, &vtt);
  return string_of(status, vtt);
}

bgo_string bgo_timings_text(uintptr_t timings) {
  bhashatts_string* json = NULL;
  const bhashatts_status status = bhashatts_timings_json((const bhashatts_timings*)timings, &json);
  return string_of(status, json);
}

void bgo_timings_free(uintptr_t timings) { bhashatts_timings_destroy((bhashatts_timings*)timings); }
