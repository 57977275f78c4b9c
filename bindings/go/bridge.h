// Between Go and bhashatts/c.h: calls that bring everything back at once, and plug-ins whose
// members are Go functions.
//
// Why a layer of C at all:
//  - The library keeps what went wrong for each thread, and a goroutine changes threads between two
//    calls. So each function here that fails copies the message in the same call (bgo_done). The
//    other way, runtime.LockOSThread around a call and six accessors, costs six crossings, and one
//    forgotten lock would show somebody else's error.
//  - A crossing costs about 40 ns: a hit makes one, not three (speech, audio, info).
//  - Handles are numbers. In Go they must not have a pointer's type, or the collector looks at
//  them;
//    the same holds for contexts of plug-ins, which are runtime/cgo handles.
#pragma once

#include <bhashatts/c.h>
#include <bhashatts/c_plugins.h>
#include <stdint.h>
#include <stdlib.h>

// What went wrong, copied; free() it.
typedef struct bgo_failure {
  int32_t retryable;
  int64_t retry_after_ms;
  int64_t cost_micro_usd;
  char message[1024];
  char detail[1024];
} bgo_failure;

// How a call ended. failure: NULL where it succeeded, or there is no memory to say more.
typedef struct bgo_done {
  bhashatts_status status;
  bgo_failure* failure;
} bgo_done;

typedef struct bgo_handle {
  bgo_done done;
  uintptr_t handle;
} bgo_handle;

// A bhashatts_string and what it holds.
typedef struct bgo_string {
  bgo_done done;
  uintptr_t handle;
  const char* data;
  size_t size;
} bgo_string;

// A bhashatts_speech and what is in it.
typedef struct bgo_speech {
  bgo_done done;
  uintptr_t handle;
  const uint8_t* audio;
  size_t size;
  bhashatts_speech_info info;
} bgo_speech;

typedef struct bgo_utterance {
  bgo_speech speech;
  bhashatts_stream_place place;
} bgo_utterance;

// What of a request is no text.
typedef struct bgo_numbers {
  int32_t format;
  int32_t no_fallback;
  int32_t page_number;
  int64_t timeout_ms;
  uintptr_t cancel;
} bgo_numbers;

bgo_done bgo_done_of(bhashatts_status status);

bgo_handle bgo_config_new(int32_t from_environment);
bgo_done bgo_config_set_one(uintptr_t config, bhashatts_text name, bhashatts_text value);
bgo_done bgo_config_set_all(uintptr_t config, bhashatts_text json);
bgo_string bgo_config_text(uintptr_t config);
void bgo_config_free(uintptr_t config);

// A plug-in of Go's. name: of a tier or a sink.
typedef struct bgo_plugin {
  int32_t kind;
  uintptr_t context;
  const char* name;
} bgo_plugin;
enum { BGO_SYNTHESIZER, BGO_FALLBACK, BGO_TIER, BGO_STORE, BGO_SINK };
#define BGO_MOST_PLUGINS 16 /* of a kind */

bgo_handle bgo_open(uintptr_t config, const bgo_plugin* plugins, size_t count);
bgo_done bgo_close(uintptr_t engine, int64_t drain_ms);
void bgo_engine_free(uintptr_t engine);
bgo_done bgo_flush(uintptr_t engine);

uintptr_t bgo_cancel_new(void);
void bgo_cancel_now(uintptr_t cancel);
void bgo_cancel_free(uintptr_t cancel);

bgo_speech bgo_ask(uintptr_t engine, const bhashatts_request* request, int32_t only_look);
void bgo_speech_free(uintptr_t speech);
bgo_handle bgo_stream_of(uintptr_t engine, const bhashatts_request* request);
bgo_utterance bgo_stream_next(uintptr_t stream);
void bgo_stream_free(uintptr_t stream);
bgo_string bgo_url(uintptr_t engine, uintptr_t speech);
bgo_string bgo_page_url(uintptr_t engine, bhashatts_text story, int32_t page, bhashatts_text style);

bgo_handle bgo_timings_of(uintptr_t engine, const bhashatts_request* request, uintptr_t speech);
size_t bgo_timings_size(uintptr_t timings, bhashatts_timing_kind kind);
bgo_done bgo_timings_fill(uintptr_t timings, bhashatts_timing_kind kind, bhashatts_timing* to,
                          size_t count);
bgo_string bgo_timings_vtt(uintptr_t timings, bhashatts_text text);
bgo_string bgo_timings_text(uintptr_t timings);
void bgo_timings_free(uintptr_t timings);

// progress: a handle of Go's, or 0.
bgo_string bgo_prewarm(uintptr_t engine, bhashatts_text stories,
                       const bhashatts_prewarm_options* options, uintptr_t progress);
bgo_string bgo_import(uintptr_t engine, bhashatts_text path,
                      const bhashatts_import_options* options, uintptr_t progress);
enum { BGO_STATUS, BGO_STATS, BGO_VERIFY, BGO_REPAIR, BGO_CONFIG };
bgo_string bgo_report(uintptr_t engine, int32_t which);
bgo_string bgo_voices_of(bhashatts_text profile);
bgo_string bgo_spoken(bhashatts_text text);
void bgo_string_free(uintptr_t string);

bgo_done bgo_log_to(uintptr_t sink, int32_t least);

// For plug-ins. 1 where a member runs on this thread.
int32_t bgo_in_callback(void);
int32_t bgo_stop_requested(uintptr_t stop);
bgo_done bgo_give_bytes(uintptr_t reply, const void* data, size_t size);
bgo_done bgo_give_text(uintptr_t reply, bhashatts_text text);
bgo_done bgo_give_costs(uintptr_t reply, const bhashatts_synthesis_costs* costs);
int32_t bgo_visit(uintptr_t visit, uintptr_t visitor, bhashatts_text name, uint64_t size);
