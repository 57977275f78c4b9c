package bhashatts

/*
#include "bridge.h"

static bhashatts_text bgo_text(_GoString_ text) {
  const bhashatts_text view = {_GoStringPtr(text), _GoStringLen(text)};
  return view;
}
static bgo_done bgo_config_set_text(uintptr_t config, _GoString_ name, _GoString_ value) {
  return bgo_config_set_one(config, bgo_text(name), bgo_text(value));
}
static bgo_done bgo_config_set_json(uintptr_t config, _GoString_ json) {
  return bgo_config_set_all(config, bgo_text(json));
}
static bgo_string bgo_voices_text(_GoString_ profile) { return bgo_voices_of(bgo_text(profile)); }
static bgo_string bgo_spoken_text(_GoString_ text) { return bgo_spoken(bgo_text(text)); }
static bgo_string bgo_page_url_text(uintptr_t engine, _GoString_ story, int32_t page,
                                    _GoString_ style) {
  return bgo_page_url(engine, bgo_text(story), page, bgo_text(style));
}
static bgo_string bgo_timings_vtt_text(uintptr_t timings, _GoString_ text) {
  return bgo_timings_vtt(timings, bgo_text(text));
}
static bgo_done bgo_forget_text(uintptr_t engine, _GoString_ text,
                                bhashatts_forget_report* report) {
  return bgo_done_of(
      bhashatts_engine_forget_text((bhashatts_engine*)engine, bgo_text(text), report));
}
static bgo_done bgo_forget_user(uintptr_t engine, _GoString_ user,
                                bhashatts_forget_report* report) {
  return bgo_done_of(
      bhashatts_engine_forget_user((bhashatts_engine*)engine, bgo_text(user), report));
}
static bgo_done bgo_clear(uintptr_t engine, _GoString_ language, int32_t all, int32_t dry_run,
                          bhashatts_clear_report* report) {
  bhashatts_clear_options options = BHASHATTS_CLEAR_OPTIONS_INIT;
  options.all = all;
  options.dry_run = dry_run;
  options.language = bgo_text(language);
  return bgo_done_of(bhashatts_engine_clear((bhashatts_engine*)engine, &options, report));
}
typedef struct bgo_run {
  int64_t limit;
  int32_t format;
  int32_t concurrency;
  int32_t dry_run;
  int32_t same_description;
  uintptr_t cancel;
  uintptr_t progress;
} bgo_run;
static bgo_string bgo_prewarm_text(uintptr_t engine, _GoString_ stories, _GoString_ language,
                                   _GoString_ story, _GoString_ style, bgo_run run) {
  bhashatts_prewarm_options options = BHASHATTS_PREWARM_OPTIONS_INIT;
  options.language = bgo_text(language);
  options.story_id = bgo_text(story);
  options.limit = run.limit;
  options.voice_style = bgo_text(style);
  options.format = run.format;
  options.concurrency = run.concurrency;
  options.dry_run = run.dry_run;
  options.cancel = (const bhashatts_cancel*)run.cancel;
  return bgo_prewarm(engine, bgo_text(stories), &options, run.progress);
}
static bgo_string bgo_import_text(uintptr_t engine, _GoString_ path, _GoString_ language,
                                  _GoString_ prefix, _GoString_ directory, bgo_run run) {
  bhashatts_import_options options = BHASHATTS_IMPORT_OPTIONS_INIT;
  options.language = bgo_text(language);
  options.limit = run.limit;
  options.prefix = bgo_text(prefix);
  options.directory = bgo_text(directory);
  options.same_description = run.same_description;
  options.concurrency = run.concurrency;
  options.dry_run = run.dry_run;
  options.cancel = (const bhashatts_cancel*)run.cancel;
  return bgo_import(engine, bgo_text(path), &options, run.progress);
}
static bhashatts_status bgo_fail(int32_t status, _GoString_ message, int32_t retryable,
                                 int64_t retry_after_ms, int64_t cost_micro_usd) {
  return bhashatts_fail(status, bgo_text(message), retryable, retry_after_ms, cost_micro_usd);
}
static bgo_done bgo_reply_text(uintptr_t reply, _GoString_ text) {
  return bgo_give_text(reply, bgo_text(text));
}
static bgo_done bgo_reply_costs(uintptr_t reply, int64_t compute_ms, int64_t cost_micro_usd,
                                _GoString_ request_id, _GoString_ model_revision) {
  bhashatts_synthesis_costs costs = BHASHATTS_SYNTHESIS_COSTS_INIT;
  costs.compute_ms = compute_ms;
  costs.cost_micro_usd = cost_micro_usd;
  costs.request_id = bgo_text(request_id);
  costs.model_revision = bgo_text(model_revision);
  return bgo_give_costs(reply, &costs);
}
static int32_t bgo_visit_text(uintptr_t visit, uintptr_t visitor, _GoString_ name, uint64_t size) {
  return bgo_visit(visit, visitor, bgo_text(name), size);
}
*/
import "C"

import (
	"fmt"
	"time"
	"unsafe"
)

// All calls that take text other than a request's are here, because cgo shows a Go string to C only
// in the lines above an import "C", and what is defined there is known in that file alone. The text
// is not copied; it stays where it is until the call returns.

func setOne(config C.uintptr_t, name, value string) error {
	return errorOf(C.bgo_config_set_text(config, name, value))
}

func setAll(config C.uintptr_t, json string) error {
	return errorOf(C.bgo_config_set_json(config, json))
}

// taken copies what a string of the library's holds, and gives it back.
func taken(text C.bgo_string) (string, error) {
	if err := errorOf(text.done); err != nil {
		return "", err
	}
	defer C.bgo_string_free(text.handle)
	return C.GoStringN(text.data, C.int(text.size)), nil
}

// goString copies a text that C shows.
func goString(text C.bhashatts_text) string {
	return C.GoStringN(text.data, C.int(text.size))
}

// goBytes copies bytes that C shows.
func goBytes(data unsafe.Pointer, size C.size_t) []byte { return C.GoBytes(data, C.int(size)) }

func flag(on bool) C.int32_t {
	if on {
		return 1
	}
	return 0
}

// int32Of is a number as the library has them; one that does not fit is refused rather than cut.
func int32Of(what string, number int) (C.int32_t, error) {
	if number != int(int32(number)) {
		return 0, badRequest(fmt.Sprintf("%s is too large a number: %d", what, number))
	}
	return C.int32_t(number), nil
}

// Version is that of the library, "0.1.0".
func Version() string { return C.GoString(C.bhashatts_version()) }

// SpokenText gives what is spoken when text is sent: normalised, the form that is limited, hashed and
// synthesised. It fails with ErrTextEmpty, ErrTextTooLong, ErrTextNotUTF8 or ErrTextControl.
func SpokenText(text string) (string, error) { return taken(C.bgo_spoken_text(text)) }

func voicesJSON(profile string) (string, error) { return taken(C.bgo_voices_text(profile)) }

func pageURL(engine C.uintptr_t, story string, page int, style string) (string, error) {
	number, err := int32Of("the page number", page)
	if err != nil {
		return "", err
	}
	return taken(C.bgo_page_url_text(engine, story, number, style))
}

func webVTT(timings C.uintptr_t, text string) (string, error) {
	return taken(C.bgo_timings_vtt_text(timings, text))
}

func forgetText(engine C.uintptr_t, text string) (ForgetReport, error) {
	report := C.bhashatts_forget_report{struct_size: C.sizeof_bhashatts_forget_report}
	err := errorOf(C.bgo_forget_text(engine, text, &report))
	return forgetReport(report), err
}

func forgetUser(engine C.uintptr_t, user string) (ForgetReport, error) {
	report := C.bhashatts_forget_report{struct_size: C.sizeof_bhashatts_forget_report}
	err := errorOf(C.bgo_forget_user(engine, user, &report))
	return forgetReport(report), err
}

func forgetReport(report C.bhashatts_forget_report) ForgetReport {
	return ForgetReport{int64(report.speeches), int64(report.utterances), int64(report.usage_events)}
}

func clearAll(engine C.uintptr_t, options ClearOptions) (ClearReport, error) {
	report := C.bhashatts_clear_report{struct_size: C.sizeof_bhashatts_clear_report}
	err := errorOf(C.bgo_clear(engine, options.Language, flag(options.All), flag(options.DryRun),
		&report))
	return ClearReport{int64(report.cache_entries), int64(report.blobs), int64(report.records)}, err
}

func limitOf(limit int) C.int64_t {
	if limit == 0 {
		return -1
	}
	return C.int64_t(limit)
}

func prewarm(engine C.uintptr_t, stories string, o PrewarmOptions, run *run) (string, error) {
	concurrency, err := int32Of("Concurrency", o.Concurrency)
	if err != nil {
		return "", err
	}
	return taken(C.bgo_prewarm_text(engine, stories, o.Language, o.StoryID, o.VoiceStyle, C.bgo_run{
		limit:       limitOf(o.Limit),
		format:      C.int32_t(o.Format),
		concurrency: concurrency,
		dry_run:     flag(o.DryRun),
		cancel:      C.uintptr_t(run.cancel),
		progress:    C.uintptr_t(run.context),
	}))
}

func importExport(engine C.uintptr_t, path string, o ImportOptions, run *run) (string, error) {
	concurrency, err := int32Of("Concurrency", o.Concurrency)
	if err != nil {
		return "", err
	}
	return taken(C.bgo_import_text(engine, path, o.Language, o.Prefix, o.Directory, C.bgo_run{
		limit:            limitOf(o.Limit),
		concurrency:      concurrency,
		dry_run:          flag(o.DryRun),
		same_description: flag(o.SameDescription),
		cancel:           C.uintptr_t(run.cancel),
		progress:         C.uintptr_t(run.context),
	}))
}

// fail says why the member that is running on this thread fails.
func fail(err *Error) C.bhashatts_status {
	return C.bgo_fail(C.int32_t(err.Code), err.Message, flag(err.Retryable),
		C.int64_t(err.RetryAfter/time.Millisecond), C.int64_t(err.CostMicroUSD))
}

func replyText(reply C.uintptr_t, text string) error {
	return errorOf(C.bgo_reply_text(reply, text))
}

// replyBytes copies: what is Go's may move or go once the member has returned.
func replyBytes(reply C.uintptr_t, data []byte) error {
	return errorOf(C.bgo_give_bytes(reply, bytesPointer(data), C.size_t(len(data))))
}

func bytesPointer(data []byte) unsafe.Pointer {
	if len(data) == 0 {
		return nil
	}
	return unsafe.Pointer(&data[0])
}

func replyCosts(reply C.uintptr_t, result SynthesisResult) error {
	return errorOf(C.bgo_reply_costs(reply, C.int64_t(result.ComputeTime/time.Millisecond),
		C.int64_t(result.CostMicroUSD), result.RequestID, result.ModelRevision))
}

func visitBlob(visit, visitor C.uintptr_t, name string, size int64) bool {
	return C.bgo_visit_text(visit, visitor, name, C.uint64_t(size)) != 0
}
