/* clang-format off */
/* bhashatts for C, and for whatever calls C: text in Indian languages in, speech out, never paid
 * for twice. The same engine as bhashatts/engine.h, behind a stable ABI.
 *
 *   bhashatts_engine *engine = NULL;
 *   bhashatts_speech *speech = NULL;
 *   bhashatts_request request = BHASHATTS_REQUEST_INIT;
 *   request.text = bhashatts_text_of("नमस्ते बच्चों");
 *   if (bhashatts_engine_open(NULL, &engine) != BHASHATTS_OK ||
 *       bhashatts_engine_synthesize(engine, &request, &speech) != BHASHATTS_OK)
 *     fprintf(stderr, "%s\n", bhashatts_error_message());
 *   bhashatts_speech_destroy(speech);
 *   bhashatts_engine_destroy(engine);
 *
 * Rules, which hold for every function here; tests name them by number:
 *
 *  R1 Status. Every function that can fail returns a bhashatts_status: 0, or a frozen number whose
 *     family is its hundreds. Outputs are set on success; on failure an output handle is NULL and
 *     all else is left as it was.
 *  R2 Errors. What went wrong is kept for each thread until its next call that fails: see
 *     bhashatts_error_message. Keeping it allocates nothing, so it survives out-of-memory;
 *     only where dlopen loaded the library does the first call of a thread take 4 KB for it.
 *  R3 Nothing escapes. No exception, exit, abort or signal crosses this boundary, in either
 *     direction.
 *  R4 Handles. One incomplete type each; the value is a number with a generation in it, not an
 *     address. A stale, foreign or twice-destroyed handle gives BHASHATTS_BAD_REQUEST. Destroying
 *     NULL does nothing and succeeds.
 *  R5 Ownership. Whoever gets a handle destroys it, with the function of its type. Handles may be
 *     destroyed in any order: a speech outlives its engine. What another thread is using goes when
 *     that call ends.
 *  R6 Views. A bhashatts_text or pointer that comes out of a handle is valid until that handle is
 *     destroyed; one that is passed to a callback, until the callback returns; one that you pass in
 *     must be valid until the call returns, and nothing is kept of it.
 *  R7 Text is UTF-8 with a length, without a terminating NUL unless stated. {NULL, 0} is empty text,
 *     and where a parameter has a default, the default. What is no UTF-8 gives
 *     BHASHATTS_TEXT_NOT_UTF8; a NULL with a length, BHASHATTS_BAD_REQUEST.
 *  R8 NULL for a parameter is BHASHATTS_BAD_REQUEST, unless its description says what it means.
 *  R9 Structs begin with struct_size. Set it by the INIT macro of the type. Fields that an older
 *     caller does not have take their defaults; nothing is written behind the given size. A size
 *     below the first version's is BHASHATTS_BAD_REQUEST. Flags and fields are only ever added at
 *     the end.
 * R10 Threads. Every function may be called from every thread at any time, also with the same
 *     handle; a bhashatts_stream by one thread at a time. After fork the child may go on using all
 *     handles that it inherited, but streams, which it can only destroy. A thread must not be
 *     ended by pthread_cancel while it is inside a function.
 * R11 Units. Times are in milliseconds (ms) and durations too, sizes in bytes, sample rates in Hz,
 *     money in millionths of a US dollar (micro-dollars), points in time in seconds since 1970 UTC.
 * R12 Callbacks may come from any of the engine's threads, must not close or destroy an engine
 *     (BHASHATTS_BAD_REQUEST), and must not throw, longjmp or end the thread. They may call all
 *     else; only the `release` of bytes, which may come under the engine's locks, must not call
 *     what takes an engine (BHASHATTS_BAD_REQUEST). A context is given back to `destroy` exactly
 *     once: also when the function that took it fails; but never in a forked child, which has a
 *     copy of it.
 * R13 JSON that comes out of here is that of the command line's --json (docs/cli.md): members may be
 *     added, none is renamed or removed.
 *
 * Thread rule: R10. Beside the codes that a function names, each may give 100 (a defect of ours),
 * 101, and 200 where a handle, a NULL or a struct_size is wrong.
 */
/* clang-format on */
#ifndef BHASHATTS_C_H
#define BHASHATTS_C_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

#if defined(_WIN32)
#define BHASHATTS_C_API
#else
#define BHASHATTS_C_API __attribute__((visibility("default")))
#endif

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Statuses ---------------------------------------------------------------------------------
 * The numbers of bhashatts::ErrorCode; include/bhashatts/error.h says what each means and whose
 * fault it is. A number is never given to another meaning; new ones may come in the gaps. */
typedef int32_t bhashatts_status;

enum {
  BHASHATTS_OK = 0,
  BHASHATTS_INTERNAL = 100,
  BHASHATTS_OUT_OF_MEMORY = 101,
  BHASHATTS_NOT_SUPPORTED = 102,
  BHASHATTS_CLOSED = 103,
  BHASHATTS_CANCELLED = 104,
  BHASHATTS_PLUGIN_FAILED = 105,
  BHASHATTS_BAD_REQUEST = 200,
  BHASHATTS_TEXT_EMPTY = 201,
  BHASHATTS_TEXT_TOO_LONG = 202,
  BHASHATTS_TEXT_NOT_UTF8 = 203,
  BHASHATTS_TEXT_CONTROL = 204,
  BHASHATTS_LANGUAGE_UNKNOWN = 205,
  BHASHATTS_VOICE_STYLE_UNKNOWN = 206,
  BHASHATTS_FORMAT_UNKNOWN = 207,
  BHASHATTS_CONFIG_INVALID = 208,
  BHASHATTS_STORIES_INVALID = 209,
  BHASHATTS_NOT_FOUND = 300,
  BHASHATTS_NOT_CONFIGURED = 400,
  BHASHATTS_UNAUTHORIZED = 401,
  BHASHATTS_RATE_LIMITED = 402,
  BHASHATTS_MODEL_LOADING = 403,
  BHASHATTS_MODEL_NOT_SERVED = 404,
  BHASHATTS_ENDPOINT_PAUSED = 405,
  BHASHATTS_UPSTREAM_REJECTED = 406,
  BHASHATTS_UPSTREAM_FAILED = 407,
  BHASHATTS_UNREACHABLE = 408,
  BHASHATTS_UPSTREAM_TIMEOUT = 409,
  BHASHATTS_BAD_AUDIO = 410,
  BHASHATTS_DEADLINE_EXCEEDED = 411,
  BHASHATTS_CREDITS_EXHAUSTED = 500,
  BHASHATTS_BUDGET_EXHAUSTED = 501,
  BHASHATTS_STORAGE_FAILED = 600,
  BHASHATTS_STORAGE_FULL = 601,
  BHASHATTS_STORAGE_READ_ONLY = 602,
  BHASHATTS_STORAGE_NEWER = 603,
  BHASHATTS_STORAGE_WRONG_OWNER = 604,
  BHASHATTS_STORAGE_NETWORK = 605,
  BHASHATTS_STORAGE_DAMAGED = 606
};

/* Text with a length: R6, R7. */
typedef struct bhashatts_text {
  const char* data;
  size_t size; /* bytes */
} bhashatts_text;

/* A view of a NUL-terminated text; NULL gives {NULL, 0}. Since 0.1. */
static inline bhashatts_text bhashatts_text_of(const char* text) {
  bhashatts_text view = {0, 0};
  if (text != 0) {
    view.data = text;
    view.size = strlen(text);
  }
  return view;
}

/* "text_too_long" for 202; "internal" for a number that means nothing. NUL-terminated, valid for
 * the life of the process. Since 0.1. */
BHASHATTS_C_API const char* bhashatts_status_name(bhashatts_status status);

/* The version of the library, "0.1.0". NUL-terminated, valid for the life of the process. Since
 * 0.1. */
BHASHATTS_C_API const char* bhashatts_version(void);

/* ---- This thread's last failure: R2 -----------------------------------------------------------*/
/* One line that says what to do; "" where nothing has failed yet. NUL-terminated, cut to 1,023
 * bytes; valid until this thread's next call that fails. Since 0.1. */
BHASHATTS_C_API const char* bhashatts_error_message(void);
/* One line for logs, secrets taken out; often "". NUL-terminated, cut to 1,023 bytes; valid until
 * this thread's next call that fails. Since 0.1. */
BHASHATTS_C_API const char* bhashatts_error_detail(void);
/* Its number; 0 where nothing has failed yet. Codes: all. Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_error_status(void);
/* 1 where the same call may succeed later, else 0. Since 0.1. */
BHASHATTS_C_API int32_t bhashatts_error_retryable(void);
/* When it makes sense to ask again, ms; 0 where that is not known. Since 0.1. */
BHASHATTS_C_API int64_t bhashatts_error_retry_after_ms(void);
/* What it cost all the same, micro-dollars. Since 0.1. */
BHASHATTS_C_API int64_t bhashatts_error_cost(void);

/* ---- Handles: R4, R5 --------------------------------------------------------------------------*/
typedef struct bhashatts_config bhashatts_config; /* settings, by name */
typedef struct bhashatts_engine bhashatts_engine;
typedef struct bhashatts_speech bhashatts_speech;   /* audio, and what is known of it */
typedef struct bhashatts_stream bhashatts_stream;   /* a page, utterance by utterance */
typedef struct bhashatts_timings bhashatts_timings; /* when what is heard */
typedef struct bhashatts_string bhashatts_string;   /* a text that outlives the call */
typedef struct bhashatts_cancel bhashatts_cancel;   /* what stops calls under way */

/* The plug-ins are in bhashatts/c_plugins.h. */
struct bhashatts_synthesizer;
struct bhashatts_cache_tier;
struct bhashatts_blob_store;
struct bhashatts_event_sink;

/* ---- Strings ----------------------------------------------------------------------------------*/
/* Sets *text to what the string holds, valid until it is destroyed; a NUL stands behind it that is
 * not counted. Codes: 200. Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_string_view(const bhashatts_string* string,
                                                       bhashatts_text* text);
/* string: may be NULL. Codes: 200. Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_string_destroy(bhashatts_string* string);

/* ---- Settings: docs/settings.md names them all ------------------------------------------------*/
/* All defaults. Free with bhashatts_config_destroy. Codes: 101. Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_config_create(bhashatts_config** config);
/* What the environment says, over the defaults; not beside a thread that changes the environment.
 * Free with bhashatts_config_destroy. Codes: 101, 208. Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_config_from_environment(bhashatts_config** config);
/* Sets one setting by its JSON name, "data_dir"; the value as the environment would spell it. An
 * engine that was opened with these settings keeps its own. Codes: 200, 203, 208 (no such setting,
 * or no such value: the message says what may stand there). Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_config_set(bhashatts_config* config, bhashatts_text name,
                                                      bhashatts_text value);
/* Sets all that a JSON object holds. Codes: 200, 203, 208. Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_config_set_json(bhashatts_config* config,
                                                           bhashatts_text json);
/* The settings as JSON, secrets as "***". Free with bhashatts_string_destroy. Codes: 101, 200.
 * Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_config_json(const bhashatts_config* config,
                                                       bhashatts_string** json);
/* config: may be NULL. Codes: 200. Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_config_destroy(bhashatts_config* config);

/* ---- Engine -----------------------------------------------------------------------------------*/
typedef struct bhashatts_open_options {
  size_t struct_size;
  const bhashatts_config* config; /* NULL: as bhashatts_config_from_environment */
  /* Plug-ins, each NULL or none by default: what speaks in the place of the configured synthesizer,
   * who is asked next when it cannot, tiers that are asked after memory and disk, the permanent
   * store, and observers. The structs are copied; their contexts belong to the engine from now on,
   * whether or not it opens: R12. Only a struct that is too short to have `destroy` was not taken.
   * Each tier has a name of its own, and each sink. A context is listed once: one that is not NULL
   * and comes again with the same `destroy` is refused, and given back once. */
  const struct bhashatts_synthesizer* synthesizer;
  const struct bhashatts_synthesizer* const* fallbacks;
  size_t fallback_count;
  const struct bhashatts_cache_tier* const* tiers;
  size_t tier_count;
  const struct bhashatts_blob_store* blob_store;
  const struct bhashatts_event_sink* const* event_sinks;
  size_t event_sink_count;
} bhashatts_open_options;
#define BHASHATTS_OPEN_OPTIONS_INIT \
  { sizeof(bhashatts_open_options), 0, 0, 0, 0, 0, 0, 0, 0, 0 }

/* Opens the data directory; many processes may have it open. options: NULL: the environment's
 * settings and no plug-in. Free with bhashatts_engine_destroy. Codes: 101, 102, 200, 203, 208, 400,
 * 6xx; and what a synthesizer's identity and limits give, or 105. Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_engine_open(const bhashatts_open_options* options,
                                                       bhashatts_engine** engine);
/* Takes no more requests, waits up to drain_ms for paid work (below 0: as configured), writes what
 * is owed. May be called again. Codes: 200, 6xx. Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_engine_close(bhashatts_engine* engine, int64_t drain_ms);
/* Closes as configured, waits for calls under way on other threads, lets go, and gives the contexts
 * of plug-ins back (those that a stream still uses: with that stream). In a forked child that
 * inherited it, it waits for nobody and gives nothing back. engine: may be NULL. Codes: 200. Since
 * 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_engine_destroy(bhashatts_engine* engine);
/* Waits until all that is owed (cache writes, usage) is written. Codes: 103, 200, 6xx. Since 0.1.
 */
BHASHATTS_C_API bhashatts_status bhashatts_engine_flush(bhashatts_engine* engine);

/* ---- Cancelling: stops the caller's wait, never paid work -------------------------------------*/
/* Free with bhashatts_cancel_destroy. Codes: 101. Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_cancel_create(bhashatts_cancel** cancel);
/* Ends all calls that were given it, now and later, with 104. From any thread. Codes: 200. Since
 * 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_cancel_request(bhashatts_cancel* cancel);
/* cancel: may be NULL; calls that have it are not hurt. Codes: 200. Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_cancel_destroy(bhashatts_cancel* cancel);

/* ---- Speech -----------------------------------------------------------------------------------*/
typedef int32_t bhashatts_format; /* 0: the default, wav */
enum { BHASHATTS_WAV = 1, BHASHATTS_FLAC = 2, BHASHATTS_OPUS = 3, BHASHATTS_MP3 = 4 };

typedef struct bhashatts_request {
  size_t struct_size;
  bhashatts_text text;
  bhashatts_text language;    /* "HINDI"; empty: HINDI */
  bhashatts_text voice_style; /* "storyteller"; empty: as configured */
  bhashatts_format format;
  int32_t no_fallback;            /* 1: the first voice or none. Default 0 */
  int64_t timeout_ms;             /* how long this caller waits; below 0 (default): as configured */
  const bhashatts_cancel* cancel; /* NULL: nothing stops it */
  bhashatts_text user_id;         /* for the usage log; empty: nobody */
  bhashatts_text story_id;        /* links the speech to a page; empty: none */
  int32_t page_number;            /* from 1; 0 where there is no page */
} bhashatts_request;
#define BHASHATTS_REQUEST_INIT \
  { sizeof(bhashatts_request), {0, 0}, {0, 0}, {0, 0}, 0, 0, -1, 0, {0, 0}, {0, 0}, 0 }

/* Gives what is kept, or makes it and keeps it for ever. Free with bhashatts_speech_destroy. Codes:
 * 2xx; 4xx, 5xx and 105 when it cannot be made; 601 and 602 when it must not be, other 6xx when it
 * cannot be kept; 101, 103, 104. Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_engine_synthesize(bhashatts_engine* engine,
                                                             const bhashatts_request* request,
                                                             bhashatts_speech** speech);
/* As synthesize, but makes nothing and waits for nobody: 300 where it is not there. Free with
 * bhashatts_speech_destroy. Codes: 101, 103, 105, 2xx, 300, 6xx. Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_engine_lookup(bhashatts_engine* engine,
                                                         const bhashatts_request* request,
                                                         bhashatts_speech** speech);
/* The encoded audio, not copied: valid until the speech is destroyed. Codes: 200. Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_speech_audio(const bhashatts_speech* speech,
                                                        const uint8_t** data, size_t* size);

typedef int32_t bhashatts_origin;
enum {
  BHASHATTS_FROM_MEMORY = 1,
  BHASHATTS_FROM_LMDB = 2,
  BHASHATTS_FROM_REDIS = 3,
  BHASHATTS_FROM_BLOB = 4,
  BHASHATTS_FROM_JOINED = 5,      /* waited for a synthesis that another began */
  BHASHATTS_FROM_SYNTHESIZED = 6, /* this call made it */
  BHASHATTS_FROM_TIER = 7         /* a tier of the host's own */
};
/* "memory", "lmdb", ...; "" for a number that means nothing. NUL-terminated, valid for the life of
 * the process. Since 0.1. */
BHASHATTS_C_API const char* bhashatts_origin_name(bhashatts_origin origin);

typedef struct bhashatts_speech_info {
  size_t struct_size;
  char cache_key[33]; /* hex, NUL-terminated */
  bhashatts_format format;
  bhashatts_origin origin;
  int32_t cached;      /* 1: it was there already */
  int32_t fallback;    /* 1: another voice than the first one speaks */
  int32_t sample_rate; /* Hz */
  int64_t duration_ms;
  int64_t cost_micro_usd; /* what this call paid */
  int64_t generation_time_ms;
  int64_t generation_cost_micro_usd; /* what it cost when it was made */
  int64_t created_at;                /* seconds since 1970 UTC */
  int32_t take;
  int32_t utterances;
  /* Valid until the speech is destroyed. */
  bhashatts_text language;
  bhashatts_text voice_style;
  bhashatts_text synthesizer;
} bhashatts_speech_info;
#define BHASHATTS_SPEECH_INFO_INIT                                                            \
  {                                                                                           \
    sizeof(bhashatts_speech_info), {0}, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, {0, 0}, {0, 0}, { \
      0, 0                                                                                    \
    }                                                                                         \
  }

/* Fills what fits into *info. Codes: 200. Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_speech_get_info(const bhashatts_speech* speech,
                                                           bhashatts_speech_info* info);
/* Where its object can be fetched, made now; 300 where it is only in tiers. Free with
 * bhashatts_string_destroy. Codes: 101, 103, 105, 200, 300, 6xx. Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_engine_url(bhashatts_engine* engine,
                                                      const bhashatts_speech* speech,
                                                      bhashatts_string** url);
/* The same for a story page; voice_style empty: as configured. Free with bhashatts_string_destroy.
 * Codes: 101, 103, 105, 200, 203, 300, 6xx. Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_engine_story_page_url(bhashatts_engine* engine,
                                                                 bhashatts_text story_id,
                                                                 int32_t page_number,
                                                                 bhashatts_text voice_style,
                                                                 bhashatts_string** url);
/* speech: may be NULL. Codes: 200. Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_speech_destroy(bhashatts_speech* speech);

/* ---- Streams: each utterance as soon as it is there
 * --------------------------------------------*/
typedef struct bhashatts_stream_place {
  size_t struct_size;
  size_t number;          /* of this utterance, from 0 */
  size_t count;           /* of utterances in the page */
  int64_t pause_after_ms; /* before the next one is played */
} bhashatts_stream_place;
#define BHASHATTS_STREAM_PLACE_INIT \
  { sizeof(bhashatts_stream_place), 0, 0, 0 }

/* Begins; the whole page is kept, whoever listens to its end. One that outlives its engine gives
 * 103. Free with bhashatts_stream_destroy. Codes: as synthesize. Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_engine_stream(bhashatts_engine* engine,
                                                         const bhashatts_request* request,
                                                         bhashatts_stream** stream);
/* Waits for the next utterance, a whole file of its own, whose origin is FROM_JOINED where it was
 * being made meanwhile, else FROM_BLOB; 300 behind the last one. place: may be NULL. Free *speech
 * with bhashatts_speech_destroy. Codes: as synthesize, and 300, which nothing but the end gives.
 * Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_stream_next(bhashatts_stream* stream,
                                                       bhashatts_speech** speech,
                                                       bhashatts_stream_place* place);
/* stream: may be NULL; stops nothing. Codes: 200. Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_stream_destroy(bhashatts_stream* stream);

/* Hears one utterance; `speech` is the callee's: it frees it with bhashatts_speech_destroy, then or
 * later. Returns 0 to go on, else to leave. */
typedef int32_t (*bhashatts_on_utterance)(void* context, bhashatts_speech* speech,
                                          const bhashatts_stream_place* place);
/* As the three above, by callback on this thread. context: anything, NULL too. Codes: as
 * synthesize; 104 where the callback left too. Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_engine_stream_to(bhashatts_engine* engine,
                                                            const bhashatts_request* request,
                                                            bhashatts_on_utterance callback,
                                                            void* context);

/* ---- Timings ----------------------------------------------------------------------------------*/
typedef struct bhashatts_timing {
  size_t struct_size;
  int64_t start_ms;
  int64_t end_ms;
  uint32_t begin;       /* code points in the text as it was sent */
  uint32_t end;         /* behind the last one */
  uint32_t begin_utf16; /* the same in UTF-16 code units */
  uint32_t end_utf16;
} bhashatts_timing;
#define BHASHATTS_TIMING_INIT \
  { sizeof(bhashatts_timing), 0, 0, 0, 0, 0, 0 }

typedef int32_t bhashatts_timing_kind;
enum { BHASHATTS_UTTERANCES = 1, BHASHATTS_WORDS = 2 };

/* Of a speech that synthesize or lookup gave for this request. Free with bhashatts_timings_destroy.
 * Codes: 101, 103, 105, 2xx, 6xx. Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_engine_timings(bhashatts_engine* engine,
                                                          const bhashatts_request* request,
                                                          const bhashatts_speech* speech,
                                                          bhashatts_timings** timings);
/* How many of that kind there are. Codes: 200. Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_timings_count(const bhashatts_timings* timings,
                                                         bhashatts_timing_kind kind, size_t* count);
/* The one at `index`, from 0. Codes: 200, 300 (no such index). Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_timings_get(const bhashatts_timings* timings,
                                                       bhashatts_timing_kind kind, size_t index,
                                                       bhashatts_timing* timing);
/* All of them as JSON. Free with bhashatts_string_destroy. Codes: 101, 200. Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_timings_json(const bhashatts_timings* timings,
                                                        bhashatts_string** json);
/* As WebVTT; text: as it was sent. Free with bhashatts_string_destroy. Codes: 101, 200, 203. Since
 * 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_timings_webvtt(const bhashatts_timings* timings,
                                                          bhashatts_text text,
                                                          bhashatts_string** vtt);
/* timings: may be NULL. Codes: 200. Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_timings_destroy(bhashatts_timings* timings);

#ifdef __cplusplus
}
#endif

#include "bhashatts/c_library.h"

#endif
