package bhashatts

// #include "bridge.h"
import "C"

import (
	"encoding/json"
	"time"
)

// A Timing says when a part of the text is heard. Places are in the text as it was sent, End behind
// the last one: in bytes, so that request.Text[t.BeginByte:t.EndByte] is the part; in code points;
// and in UTF-16 code units, as browsers count.
type Timing struct {
	Start, End           time.Duration
	BeginByte, EndByte   int
	BeginRune, EndRune   int
	BeginUTF16, EndUTF16 int
}

// Timings says when what is heard of a speech: each utterance exactly, each word as estimated.
type Timings struct {
	Utterances, Words []Timing
}

// Timings says when what is heard of a speech that Synthesize or Lookup gave for this request. It
// fails with ErrBadRequest for a speech of another text, with the codes of bad input (2xx) and with
// ErrClosed.
func (e *Engine) Timings(request Request, speech *Speech) (timings Timings, err error) {
	err = e.withTimings(&request, speech, func(handle C.uintptr_t) error {
		if timings.Utterances, err = listed(handle, C.BHASHATTS_UTTERANCES, request.Text); err != nil {
			return err
		}
		timings.Words, err = listed(handle, C.BHASHATTS_WORDS, request.Text)
		return err
	})
	return timings, err
}

// WebVTT gives the utterances of Timings as subtitles for a player. It fails as Timings does.
func (e *Engine) WebVTT(request Request, speech *Speech) (vtt string, err error) {
	err = e.withTimings(&request, speech, func(handle C.uintptr_t) error {
		vtt, err = webVTT(handle, request.Text)
		return err
	})
	return vtt, err
}

// TimingsJSON gives Timings as JSON, as the command's --timings writes it: for a page in a browser. It
// fails as Timings does.
func (e *Engine) TimingsJSON(request Request, speech *Speech) (text json.RawMessage, err error) {
	err = e.withTimings(&request, speech, func(handle C.uintptr_t) error {
		plain, err := taken(C.bgo_timings_text(handle))
		text = json.RawMessage(plain)
		return err
	})
	return text, err
}

func (e *Engine) withTimings(request *Request, speech *Speech,
	use func(timings C.uintptr_t) error) error {
	return speech.with(func(handle C.uintptr_t) error {
		timings, err := e.timingsOf(request, handle)
		if err != nil {
			return err
		}
		defer C.bgo_timings_free(timings)
		return use(timings)
	})
}

func listed(timings C.uintptr_t, kind C.bhashatts_timing_kind, text string) ([]Timing, error) {
	count := C.bgo_timings_size(timings, kind)
	if count == 0 {
		return nil, nil
	}
	raw := make([]C.bhashatts_timing, count)
	if err := errorOf(C.bgo_timings_fill(timings, kind, &raw[0], count)); err != nil {
		return nil, err
	}
	bytes := byteOffsets(text)
	list := make([]Timing, 0, count)
	for _, t := range raw {
		list = append(list, Timing{
			milliseconds(t.start_ms), milliseconds(t.end_ms),
			bytes(int(t.begin)), bytes(int(t.end)),
			int(t.begin), int(t.end), int(t.begin_utf16), int(t.end_utf16)})
	}
	return list, nil
}

// byteOffsets tells at which byte of a text a code point begins.
func byteOffsets(text string) func(point int) int {
	var offsets []int
	for at := range text {
		offsets = append(offsets, at)
	}
	return func(point int) int {
		if point < len(offsets) {
			return offsets[point]
		}
		return len(text)
	}
}
