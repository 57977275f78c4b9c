/* bhashatts for C, third part: what you may put in the place of the engine's parts, as structs of
 * function pointers. The rules R1 to R13 of bhashatts/c.h hold here.
 *
 * A member that can fail returns a status. Before it returns another one than 0 it may call
 * bhashatts_fail on the same thread, so that a message goes with it; otherwise the message says
 * which member failed. 101 and 105 may come from every member, other numbers where they mean what
 * they say:
 *
 *   identity, limits     any: they are what bhashatts_engine_open gives
 *   synthesize           4xx, 5xx; 104 once bhashatts_stop_requested says 1
 *   a tier, a store,     6xx (what is out of reach is 600, with retryable 1); 300 where a member's
 *   a sink               description says so
 *
 * All else, and a number that is no status, becomes BHASHATTS_PLUGIN_FAILED with a message that
 * says the number.
 *
 * What a member gives back it puts into its `reply`, which is valid until the member returns. An
 * amount of money is at most 1,000,000,000,000 micro-dollars (a million dollars), a time at most
 * 1,000,000,000 ms, and neither is below 0.
 *
 * Thread rule: all members may be called from any thread, several at once, and after a fork in the
 * child too, with the same context. A member that is not marked optional must not be NULL.
 */
#ifndef BHASHATTS_C_PLUGINS_H
#define BHASHATTS_C_PLUGINS_H

#include "bhashatts/c.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Says why the member that is running on this thread fails, and nothing of those that it calls
 * meanwhile; returns `status`, so that it can be returned at once. message: one line, what to do;
 * what is no UTF-8 in it becomes U+FFFD, a control character a blank. retryable: 1 where the same
 * call may succeed later. retry_after_ms: 0 where that is not known, at most a day.
 * cost_micro_usd: what the failed call cost all the same. A number out of its bounds is taken for
 * the bound. Codes: `status`. Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_fail(bhashatts_status status, bhashatts_text message,
                                                int32_t retryable, int64_t retry_after_ms,
                                                int64_t cost_micro_usd);

/* Where a member puts what it gives back. Valid until the member returns; used later, on whatever
 * thread, it gives 200, and so does a second text or a second piece of bytes. */
typedef struct bhashatts_reply bhashatts_reply;

/* Copies bytes into the reply. Codes: 101, 200 (also for more than any memory holds). Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_reply_bytes(bhashatts_reply* reply, const void* data,
                                                       size_t size);
/* Gives bytes to the engine without a copy. They must stay as they are until release(context),
 * which comes exactly once, from any thread, also where this fails; a speech that is still held may
 * hold them beyond the plug-in's own `destroy`. Codes: 101, 200. Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_reply_owned_bytes(bhashatts_reply* reply,
                                                             const void* data, size_t size,
                                                             void (*release)(void* context),
                                                             void* context);
/* Copies a text of at most 4,096 bytes into the reply: a name, a URL, a path. Codes: 101, 200, 203.
 * Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_reply_text(bhashatts_reply* reply, bhashatts_text text);

typedef struct bhashatts_synthesis_costs {
  size_t struct_size;
  int64_t compute_ms;            /* billed time, to 10^9; 0 (default): as measured */
  int64_t cost_micro_usd;        /* what this attempt cost, to 10^12 */
  bhashatts_text request_id;     /* the upstream's name for this call; may be empty */
  bhashatts_text model_revision; /* may be empty */
} bhashatts_synthesis_costs;
#define BHASHATTS_SYNTHESIS_COSTS_INIT                        \
  {                                                           \
    sizeof(bhashatts_synthesis_costs), 0, 0, {0, 0}, { 0, 0 } \
  }
/* What goes with the audio of a synthesis, or with its failure; said again, the last one counts.
 * Codes: 101, 200 (a number out of its bounds too: nothing of it is taken), 203. Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_reply_costs(bhashatts_reply* reply,
                                                       const bhashatts_synthesis_costs* costs);

/* ---- Synthesizer ------------------------------------------------------------------------------*/
/* Whether an attempt is to stop. A handle (R4) that the engine keeps: nobody destroys it. */
typedef struct bhashatts_stop bhashatts_stop;

typedef struct bhashatts_synthesis_request {
  size_t struct_size;
  bhashatts_text text; /* normalised, never empty */
  bhashatts_text language;
  bhashatts_text voice_style;
  bhashatts_text description; /* the caption that steers Parler-TTS */
  int32_t take;               /* above 0: an earlier take was rejected, this one must differ */
  int32_t attempt;    /* above 0: the one before failed, so an upstream's cache will not do */
  int64_t timeout_ms; /* how long there is from now on */
  const bhashatts_stop* stop; /* for bhashatts_stop_requested */
} bhashatts_synthesis_request;

/* 1 once the engine is closing: return soon, with BHASHATTS_CANCELLED. stop: of the request; when
 * synthesize has returned it says 1, NULL says 0. Since 0.1. */
BHASHATTS_C_API int32_t bhashatts_stop_requested(const bhashatts_stop* stop);

typedef struct bhashatts_synthesizer_limits {
  size_t struct_size;
  int32_t max_aksharas;       /* longest utterance; 0: any length */
  int32_t concurrency;        /* calls at once; at least 1 */
  int64_t max_cost_micro_usd; /* upper bound of one attempt, to 10^12; 0: it is free */
} bhashatts_synthesizer_limits;

typedef int32_t bhashatts_synthesizer_state;
enum {
  BHASHATTS_SYNTHESIZER_READY = 0,
  BHASHATTS_SYNTHESIZER_LOADING = 1,
  BHASHATTS_SYNTHESIZER_UNREACHABLE = 2,
  BHASHATTS_SYNTHESIZER_UNAUTHORIZED = 3,
  BHASHATTS_SYNTHESIZER_NOT_SERVED = 4,
  BHASHATTS_SYNTHESIZER_NO_CREDITS = 5,
  BHASHATTS_SYNTHESIZER_UNAVAILABLE = 6
};

typedef struct bhashatts_synthesizer {
  size_t struct_size;
  void* context;
  void (*destroy)(void* context); /* optional */
  /* Voice model and revision, bhashatts_reply_text: part of every key. Asked once, at open. */
  bhashatts_status (*identity)(void* context, bhashatts_reply* reply);
  /* Asked once, at open. limits comes filled with the defaults {0, 1, 0}. */
  bhashatts_status (*limits)(void* context, bhashatts_synthesizer_limits* limits);
  /* One attempt: blocks until the audio is there, bhashatts_reply_bytes or _owned_bytes, in any
   * format that the engine decodes; retries are the engine's business. */
  bhashatts_status (*synthesize)(void* context, const bhashatts_synthesis_request* request,
                                 bhashatts_reply* reply);
  /* How it stands, without spending anything; a text in the reply says what to do. Optional: ready.
   */
  bhashatts_synthesizer_state (*status)(void* context, bhashatts_reply* reply);
} bhashatts_synthesizer;
#define BHASHATTS_SYNTHESIZER_INIT \
  { sizeof(bhashatts_synthesizer), 0, 0, 0, 0, 0, 0 }

/* ---- Cache tier -------------------------------------------------------------------------------
 * Keeps values under keys (32 hex digits) for a while and may forget them. A value is opaque: the
 * speech and what is known of it, with a checksum that the engine compares. A member that fails is
 * skipped for that call and counted; it never fails a request. */
typedef struct bhashatts_cache_tier {
  size_t struct_size;
  void* context;
  void (*destroy)(void* context); /* optional */
  bhashatts_text name;            /* in stats, 1 to 64 bytes, no other tier's; copied */
  /* bhashatts_reply_bytes or _owned_bytes with the value; BHASHATTS_NOT_FOUND: it is not here. */
  bhashatts_status (*get)(void* context, bhashatts_text key, bhashatts_reply* reply);
  /* ttl_seconds count from now. language: for clear. */
  bhashatts_status (*put)(void* context, bhashatts_text key, bhashatts_text language,
                          const void* value, size_t size, int64_t ttl_seconds);
  bhashatts_status (*erase)(void* context, bhashatts_text key);
  /* Removes the entries of a language (empty: all), or only counts them; sets *entries. */
  bhashatts_status (*clear)(void* context, bhashatts_text language, int32_t count_only,
                            int64_t* entries);
} bhashatts_cache_tier;
#define BHASHATTS_CACHE_TIER_INIT \
  { sizeof(bhashatts_cache_tier), 0, 0, {0, 0}, 0, 0, 0, 0 }

/* ---- Blob store -------------------------------------------------------------------------------
 * The permanent store: it never forgets by itself. Names look like "audio/tts/<key>.flac". */
typedef struct bhashatts_blob_labels {
  size_t struct_size;
  bhashatts_text media_type;
  bhashatts_text identity; /* hash of all that decides how it sounds; may be empty */
  int64_t duration_ms;     /* 0: not audio */
} bhashatts_blob_labels;

/* Who looks at a listing. A handle (R4) that the engine keeps: nobody destroys it. */
typedef struct bhashatts_visitor bhashatts_visitor;

/* Shows an object to the engine, from any thread: 1 to go on, 0 to end the listing. Two threads
 * that show at once wait for each other. visitor: valid until `list` returns, which waits for who
 * is showing; later it gets 0. */
typedef int32_t (*bhashatts_on_blob)(bhashatts_visitor* visitor, bhashatts_text name,
                                     uint64_t size_bytes);

typedef struct bhashatts_blob_store {
  size_t struct_size;
  void* context;
  void (*destroy)(void* context); /* optional */
  /* bhashatts_reply_bytes or _owned_bytes; BHASHATTS_NOT_FOUND: there is none. */
  bhashatts_status (*get)(void* context, bhashatts_text name, bhashatts_reply* reply);
  /* First writer wins: sets *already_there to 1 and leaves an object as it is that is there. What
   * is stored when this returns survives a loss of power. */
  bhashatts_status (*put_if_absent)(void* context, bhashatts_text name, const void* data,
                                    size_t size, const bhashatts_blob_labels* labels,
                                    int32_t* already_there);
  /* Sets *size_bytes; BHASHATTS_NOT_FOUND: there is none. */
  bhashatts_status (*info)(void* context, bhashatts_text name, uint64_t* size_bytes);
  /* Removing what is not there is no error. */
  bhashatts_status (*remove)(void* context, bhashatts_text name);
  /* Calls visit(visitor, ...) for each object whose name begins with prefix, in any order. */
  bhashatts_status (*list)(void* context, bhashatts_text prefix, bhashatts_on_blob visit,
                           bhashatts_visitor* visitor);
  /* bhashatts_reply_text: where a client fetches the object. */
  bhashatts_status (*url)(void* context, bhashatts_text name, bhashatts_reply* reply);
  /* bhashatts_reply_text: the object as a file of this machine; BHASHATTS_NOT_FOUND: it is none.
   * Optional: it never is. */
  bhashatts_status (*local_path)(void* context, bhashatts_text name, bhashatts_reply* reply);
} bhashatts_blob_store;
#define BHASHATTS_BLOB_STORE_INIT \
  { sizeof(bhashatts_blob_store), 0, 0, 0, 0, 0, 0, 0, 0, 0 }

/* ---- Event sink -------------------------------------------------------------------------------*/
typedef struct bhashatts_event_sink {
  size_t struct_size;
  void* context;
  void (*destroy)(void* context); /* optional */
  bhashatts_text name;            /* of its cursor in the catalog, 1 to 64 bytes, no other sink's;
                                   * copied */
  /* A JSON list of events with ascending `id`s, at least once each, by one thread of one process of
   * the host at a time; docs/c.md describes them. Returns 0 when they are safe. */
  bhashatts_status (*deliver)(void* context, bhashatts_text events_json);
} bhashatts_event_sink;
#define BHASHATTS_EVENT_SINK_INIT \
  { sizeof(bhashatts_event_sink), 0, 0, {0, 0}, 0 }

#ifdef __cplusplus
}
#endif

#endif
