/* bhashatts for C, second part: looking after the library of speech. bhashatts/c.h includes it, and
 * its rules R1 to R13 hold here. Thread rule: R10.
 */
#ifndef BHASHATTS_C_LIBRARY_H
#define BHASHATTS_C_LIBRARY_H

#include "bhashatts/c.h"

#ifdef __cplusplus
extern "C" {
#endif

/* ---- Ahead of time ----------------------------------------------------------------------------*/
typedef struct bhashatts_progress {
  size_t struct_size;
  int64_t total; /* pages; 0 where it is not known (an import) */
  int64_t done;  /* of any outcome */
  int64_t cached;
  int64_t made; /* generated, or adopted */
  int64_t rejected;
  int64_t failed;
  int64_t elapsed_ms;
} bhashatts_progress;

/* Called after each page or row, by one thread at a time, not always the same one. */
typedef void (*bhashatts_on_progress)(void* context, const bhashatts_progress* progress);

typedef struct bhashatts_prewarm_options {
  size_t struct_size;
  bhashatts_text language;    /* only stories in it; empty: all */
  bhashatts_text story_id;    /* only this story; empty: all */
  int64_t limit;              /* at most so many stories; below 0 (default): all */
  bhashatts_text voice_style; /* empty: as configured */
  bhashatts_format format;
  int32_t concurrency;            /* pages at once; 0 (default): the synthesizer's own limit */
  int32_t dry_run;                /* 1: counts what would be made, and makes nothing */
  const bhashatts_cancel* cancel; /* finish what is in hand, begin nothing more; NULL: never */
  bhashatts_on_progress progress; /* NULL: none */
  void* progress_context;         /* used until the call returns */
} bhashatts_prewarm_options;
#define BHASHATTS_PREWARM_OPTIONS_INIT \
  { sizeof(bhashatts_prewarm_options), {0, 0}, {0, 0}, -1, {0, 0}, 0, 0, 0, 0, 0, 0 }

/* Makes the pages of a stories file's text (JSON Lines: story_id, title, language, pages) that are
 * not kept yet; what happens to each is in the report, as `bhashatts prewarm --json`. options:
 * NULL: all defaults. Free *report_json with bhashatts_string_destroy. Codes: 101, 103, 2xx, 6xx,
 * and 105 where `progress` threw. Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_engine_prewarm(bhashatts_engine* engine,
                                                          bhashatts_text stories,
                                                          const bhashatts_prewarm_options* options,
                                                          bhashatts_string** report_json);

typedef struct bhashatts_import_options {
  size_t struct_size;
  bhashatts_text language;        /* only rows in it; empty: all */
  int64_t limit;                  /* at most so many rows; below 0 (default): all */
  bhashatts_text prefix;          /* of the old objects' names; empty: "audio/tts/" */
  bhashatts_text directory;       /* where they are, as files; empty: in the bucket */
  int32_t same_description;       /* 1: refuses audio that another voice description was used for */
  int32_t concurrency;            /* rows at once, 1 to 64; 0 (default): 4 */
  int32_t dry_run;                /* 1: reads and judges all of it, keeps nothing */
  const bhashatts_cancel* cancel; /* finish what is in hand, begin nothing more; NULL: never */
  bhashatts_on_progress progress; /* NULL: none */
  void* progress_context;         /* used until the call returns */
} bhashatts_import_options;
#define BHASHATTS_IMPORT_OPTIONS_INIT \
  { sizeof(bhashatts_import_options), {0, 0}, -1, {0, 0}, {0, 0}, 0, 0, 0, 0, 0, 0 }

/* Adopts the audio that the export in file `path` (docs/cli.md, import) tells of; the report is
 * that of `bhashatts import --json`. options: NULL: all defaults. Free *report_json with
 * bhashatts_string_destroy. Codes: 101, 103, 2xx, 300 (no such file), 6xx, and 105 where `progress`
 * threw. Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_engine_import(bhashatts_engine* engine,
                                                         bhashatts_text path,
                                                         const bhashatts_import_options* options,
                                                         bhashatts_string** report_json);

/* ---- How it stands ----------------------------------------------------------------------------*/
/* As `bhashatts status --json`; asks the synthesizer at most every 30 s. Free *json with
 * bhashatts_string_destroy. Codes: 101, 103, 200, 6xx. Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_engine_status(bhashatts_engine* engine,
                                                         bhashatts_string** json);
/* As `bhashatts stats --json`. Free *json with bhashatts_string_destroy. Codes: 101, 103, 200, 6xx.
 * Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_engine_stats(bhashatts_engine* engine,
                                                        bhashatts_string** json);
/* As `bhashatts verify --json`; repair: 1 heals what it can. Free *json with
 * bhashatts_string_destroy. Codes: 101, 103, 105, 200, 6xx. Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_engine_verify(bhashatts_engine* engine, int32_t repair,
                                                         bhashatts_string** json);
/* The effective settings, secrets as "***". Free *json with bhashatts_string_destroy. Codes: 101,
 * 200. Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_engine_config(bhashatts_engine* engine,
                                                         bhashatts_string** json);
/* Languages, styles and descriptions of a profile ("guide", "roster"; empty: roster). Free *json
 * with bhashatts_string_destroy. Codes: 101, 203, 208. Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_voices(bhashatts_text profile, bhashatts_string** json);
/* What is spoken when `text` is sent: normalised. Free *spoken with bhashatts_string_destroy.
 * Codes: 101, 201 to 204. Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_spoken_text(bhashatts_text text,
                                                       bhashatts_string** spoken);

/* ---- Tidying up -------------------------------------------------------------------------------*/
typedef struct bhashatts_reject_report {
  size_t struct_size;
  char rejected[33]; /* key of the utterance that is not served again; hex, NUL-terminated */
  int32_t next_take;
  int64_t speeches_dropped;
} bhashatts_reject_report;
#define BHASHATTS_REJECT_REPORT_INIT \
  { sizeof(bhashatts_reject_report), {0}, 0, 0 }

/* "This sounds wrong": the present take is never served again. report: may be NULL. Codes: 101,
 * 103, 105, 2xx, 300 (no take to reject), 6xx. Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_engine_reject(bhashatts_engine* engine,
                                                         const bhashatts_request* request,
                                                         bhashatts_reject_report* report);

typedef struct bhashatts_forget_report {
  size_t struct_size;
  int64_t speeches;
  int64_t utterances;
  int64_t usage_events;
} bhashatts_forget_report;
#define BHASHATTS_FORGET_REPORT_INIT \
  { sizeof(bhashatts_forget_report), 0, 0, 0 }

/* Erases a text in every language, style and format. report: may be NULL. Codes: 101, 103, 105,
 * 2xx, 6xx. Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_engine_forget_text(bhashatts_engine* engine,
                                                              bhashatts_text text,
                                                              bhashatts_forget_report* report);
/* Erases all usage of a user. report: may be NULL. Codes: 101, 103, 105, 200, 203, 6xx. Since 0.1.
 */
BHASHATTS_C_API bhashatts_status bhashatts_engine_forget_user(bhashatts_engine* engine,
                                                              bhashatts_text user_id,
                                                              bhashatts_forget_report* report);

typedef struct bhashatts_clear_options {
  size_t struct_size;
  int32_t all;             /* 1: blobs and records too; 0 (default): tiers only */
  int32_t dry_run;         /* 1: counts only */
  bhashatts_text language; /* empty: all */
} bhashatts_clear_options;
#define BHASHATTS_CLEAR_OPTIONS_INIT                \
  {                                                 \
    sizeof(bhashatts_clear_options), 0, 0, { 0, 0 } \
  }

typedef struct bhashatts_clear_report {
  size_t struct_size;
  int64_t cache_entries;
  int64_t blobs;
  int64_t records;
} bhashatts_clear_report;
#define BHASHATTS_CLEAR_REPORT_INIT \
  { sizeof(bhashatts_clear_report), 0, 0, 0 }

/* options: NULL: all tiers. report: may be NULL. Codes: 101, 103, 105, 200, 203, 205, 6xx. Since
 * 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_engine_clear(bhashatts_engine* engine,
                                                        const bhashatts_clear_options* options,
                                                        bhashatts_clear_report* report);

/* ---- Logging ----------------------------------------------------------------------------------*/
typedef int32_t bhashatts_log_level;
enum {
  BHASHATTS_LOG_DEBUG = 10,
  BHASHATTS_LOG_INFO = 20,
  BHASHATTS_LOG_WARNING = 30,
  BHASHATTS_LOG_ERROR = 40
};
/* From any thread, several at once; must not call the library. Views: R6. Texts of pages come only
 * at BHASHATTS_LOG_DEBUG, secrets never. */
typedef void (*bhashatts_on_log)(void* context, bhashatts_log_level level, bhashatts_text component,
                                 bhashatts_text message);
/* Where log lines of `least` and above go; sink NULL: warnings and errors to standard error, as at
 * the start. destroy: may be NULL; called with context once nobody uses it, also where this fails.
 * Codes: 101, 200. Since 0.1. */
BHASHATTS_C_API bhashatts_status bhashatts_set_log(bhashatts_on_log sink, bhashatts_log_level least,
                                                   void* context, void (*destroy)(void* context));

#ifdef __cplusplus
}
#endif

#endif
