package bhashatts

// All calls that take a Request, in one file: see text.go. A Request becomes a struct of C's on C's
// stack, so that a hit allocates nothing but the Speech.

/*
#include "bridge.h"

#define BGO_REQUEST                                                                       \
  _GoString_ text, _GoString_ language, _GoString_ style, _GoString_ user, _GoString_ story, \
      bgo_numbers numbers
#define BGO_GIVEN text, language, style, user, story, numbers

static bhashatts_text bgo_view(_GoString_ text) {
  const bhashatts_text view = {_GoStringPtr(text), _GoStringLen(text)};
  return view;
}
static bhashatts_request bgo_request(BGO_REQUEST) {
  bhashatts_request request = BHASHATTS_REQUEST_INIT;
  request.text = bgo_view(text);
  request.language = bgo_view(language);
  request.voice_style = bgo_view(style);
  request.format = numbers.format;
  request.no_fallback = numbers.no_fallback;
  request.timeout_ms = numbers.timeout_ms;
  request.cancel = (const bhashatts_cancel*)numbers.cancel;
  request.user_id = bgo_view(user);
  request.story_id = bgo_view(story);
  request.page_number = numbers.page_number;
  return request;
}
static bgo_speech bgo_synthesize(uintptr_t engine, BGO_REQUEST) {
  const bhashatts_request request = bgo_request(BGO_GIVEN);
  return bgo_ask(engine, &request, 0);
}
static bgo_speech bgo_lookup(uintptr_t engine, BGO_REQUEST) {
  const bhashatts_request request = bgo_request(BGO_GIVEN);
  return bgo_ask(engine, &request, 1);
}
static bgo_handle bgo_stream(uintptr_t engine, BGO_REQUEST) {
  const bhashatts_request request = bgo_request(BGO_GIVEN);
  return bgo_stream_of(engine, &request);
}
static bgo_handle bgo_timings(uintptr_t engine, uintptr_t speech, BGO_REQUEST) {
  const bhashatts_request request = bgo_request(BGO_GIVEN);
  return bgo_timings_of(engine, &request, speech);
}
static bgo_done bgo_reject(uintptr_t engine, bhashatts_reject_report* report, BGO_REQUEST) {
  const bhashatts_request request = bgo_request(BGO_GIVEN);
  return bgo_done_of(bhashatts_engine_reject((bhashatts_engine*)engine, &request, report));
}
*/
import "C"

import (
	"context"
	"runtime"
)

// A Request says what to speak. Only Text must be set. It is a value; the engine keeps nothing of it.
//
// How long the caller waits is the context's business: its deadline, or else the setting
// default_timeout_ms.
type Request struct {
	// Text is UTF-8, at most 5,000 code points and 20,000 bytes.
	Text string
	// Language is a name that Voices lists, "TAMIL"; empty: "HINDI".
	Language string
	// VoiceStyle is "storyteller", "calm" or "enthusiastic"; empty: as configured.
	VoiceStyle string
	// Format is what the audio is encoded as; 0: WAV.
	Format Format
	// NoFallback: the first voice speaks or none.
	NoFallback bool
	// UserID is for the usage log; empty: nobody.
	UserID string
	// StoryID links the speech to a page of a story; empty: none.
	StoryID string
	// PageNumber is the page's, from 1; 0 where there is none.
	PageNumber int
}

func (r *Request) numbers() (C.bgo_numbers, error) {
	page, err := int32Of("the page number", r.PageNumber)
	return C.bgo_numbers{
		format:      C.int32_t(r.Format),
		no_fallback: flag(r.NoFallback),
		page_number: page,
		timeout_ms:  -1,
	}, err
}

// watched is what of the request is no text, and its wait, which begins.
func (r *Request) watched(ctx context.Context,
	begin func(context.Context) (wait, error)) (C.bgo_numbers, wait, error) {
	numbers, err := r.numbers()
	if err != nil {
		return numbers, wait{}, err
	}
	waiting, err := begin(ctx)
	if err != nil {
		return numbers, wait{}, err
	}
	numbers.timeout_ms, numbers.cancel = waiting.timeout(), waiting.cancel
	return numbers, waiting, nil
}

// Synthesize gives what is kept, or makes it and keeps it for ever. However many ask for the same at
// the same time, it is made once.
//
// Where ctx is done before that it returns an error for which errors.Is(err, ctx.Err()) holds; the
// work that was begun goes on, and the next call is a hit. Further it fails with the codes of bad
// input (2xx); of what cannot be made (4xx, 5xx) or must not be (ErrStorageFull,
// ErrStorageReadOnly); with ErrPluginFailed where a plug-in of the host's did; and with ErrClosed.
//
// Close the Speech when it is no longer used; one that is not closed goes with the garbage.
func (e *Engine) Synthesize(ctx context.Context, request Request) (*Speech, error) {
	r := &request
	numbers, waiting, err := r.watched(ctx, watch)
	if err != nil {
		return nil, err
	}
	made := C.bgo_synthesize(e.handle, r.Text, r.Language, r.VoiceStyle, r.UserID, r.StoryID,
		numbers)
	waiting.end()
	return e.speechOf(ctx, &made)
}

// Lookup is Synthesize that makes nothing and waits for nobody: it fails with ErrNotFound where the
// speech is not kept.
func (e *Engine) Lookup(ctx context.Context, request Request) (*Speech, error) {
	r := &request
	numbers, waiting, err := r.watched(ctx, watch)
	if err != nil {
		return nil, err
	}
	found := C.bgo_lookup(e.handle, r.Text, r.Language, r.VoiceStyle, r.UserID, r.StoryID,
		numbers)
	waiting.end()
	return e.speechOf(ctx, &found)
}

func (e *Engine) speechOf(ctx context.Context, made *C.bgo_speech) (*Speech, error) {
	err := e.result(made.done)
	runtime.KeepAlive(e)
	if err != nil {
		return nil, withContext(ctx, err)
	}
	return newSpeech(made), nil
}

// Stream begins to speak: its utterances come one by one, each as soon as it is there, and the whole
// page is kept, whoever listens to its end. ctx holds for the whole stream.
//
// It fails with the codes of bad input (2xx), ErrCancelled, ErrDeadlineExceeded and ErrClosed; what
// happens to the utterances Stream.Next tells. Close the Stream.
func (e *Engine) Stream(ctx context.Context, request Request) (*Stream, error) {
	r := &request
	numbers, waiting, err := r.watched(ctx, watchAlways)
	if err != nil {
		return nil, err
	}
	begun := C.bgo_stream(e.handle, r.Text, r.Language, r.VoiceStyle, r.UserID, r.StoryID,
		numbers)
	err = e.result(begun.done)
	runtime.KeepAlive(e)
	if err != nil {
		waiting.end()
		return nil, withContext(ctx, err)
	}
	return newStream(e, begun.handle, waiting, r.Format), nil
}

func (e *Engine) timingsOf(r *Request, speech C.uintptr_t) (C.uintptr_t, error) {
	numbers, err := r.numbers()
	if err != nil {
		return 0, err
	}
	timings := C.bgo_timings(e.handle, speech, r.Text, r.Language, r.VoiceStyle, r.UserID, r.StoryID,
		numbers)
	err = e.result(timings.done)
	runtime.KeepAlive(e)
	return timings.handle, err
}

// A RejectReport says what Reject did.
type RejectReport struct {
	// Rejected is the key of the utterance that is not served again, 32 hex digits.
	Rejected string
	// NextTake is the number of the take that the next request makes.
	NextTake int
	// SpeechesDropped counts the speeches that held it.
	SpeechesDropped int64
}

// Reject says "this sounds wrong": the present take is never served again, and the next request makes
// another. It fails with ErrNotFound where there is no take, with the codes of bad input (2xx) and of
// storage (6xx), and with ErrClosed.
func (e *Engine) Reject(request Request) (RejectReport, error) {
	r := &request
	numbers, err := r.numbers()
	if err != nil {
		return RejectReport{}, err
	}
	report := C.bhashatts_reject_report{struct_size: C.sizeof_bhashatts_reject_report}
	done := C.bgo_reject(e.handle, &report, r.Text, r.Language, r.VoiceStyle, r.UserID, r.StoryID,
		numbers)
	err = e.result(done)
	runtime.KeepAlive(e)
	if err != nil {
		return RejectReport{}, err
	}
	return RejectReport{
		C.GoString(&report.rejected[0]), int(report.next_take), int64(report.speeches_dropped)}, nil
}
