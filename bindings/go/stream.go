package bhashatts

// A stream occupies a thread while it waits, and a goroutine that waits in C cannot be interrupted from
// Go. So each has a cancel handle, also where its context can never be done: Close uses it.

// #include "bridge.h"
import "C"

import (
	"io"
	"runtime"
	"sync"
	"time"
)

// An Utterance is one sentence of a Stream: a Speech of its own, a whole file, and its place. It is
// as the voice said it; loudness is evened in the joined speech only.
type Utterance struct {
	*Speech
	// Number counts from 0, Count is how many the page has.
	Number, Count int
	// PauseAfter is how long to wait before the next one is played.
	PauseAfter time.Duration
}

// A Stream is a page, utterance by utterance. One goroutine at a time may use it, others wait; but
// Close may be called from any, and ends a Next that is waiting.
type Stream struct {
	engine  *Engine // kept alive
	closing chan struct{}
	once    sync.Once

	mu     sync.Mutex // held while handle is in use
	handle C.uintptr_t
	wait   wait
	format Format
	ended  error // what every further Next returns
}

func newStream(engine *Engine, handle C.uintptr_t, wait wait, format Format) *Stream {
	stream := &Stream{engine: engine, closing: make(chan struct{}), handle: handle, wait: wait,
		format: format}
	live.streams.Add(1)
	runtime.SetFinalizer(stream, func(s *Stream) { _ = s.Close() })
	return stream
}

// Next waits for the next utterance; io.EOF behind the last one. It fails as Synthesize does, and with
// ErrClosed once the Stream is closed; after a failure the stream is over, though the page goes on
// being made. Close the Utterance's Speech.
func (s *Stream) Next() (*Utterance, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.ended != nil {
		return nil, s.ended
	}
	next := C.bgo_stream_next(s.handle)
	if err := s.engine.result(next.speech.done); err != nil {
		s.ended = s.endingOf(err)
		return nil, s.ended
	}
	return &Utterance{
		Speech:     newSpeech(&next.speech),
		Number:     int(next.place.number),
		Count:      int(next.place.count),
		PauseAfter: milliseconds(next.place.pause_after_ms),
	}, nil
}

func (s *Stream) endingOf(err error) error {
	select {
	case <-s.closing:
		return streamClosed()
	default:
	}
	if CodeOf(err) == ErrNotFound {
		return io.EOF
	}
	return withContext(s.wait.ctx, err)
}

// All gives the utterances to a range loop, and then an error where there was one:
//
//	for utterance, err := range stream.All() { ... }
//
// A Go older than 1.23, which has no such loops, calls it with a function.
func (s *Stream) All() func(yield func(*Utterance, error) bool) {
	return func(yield func(*Utterance, error) bool) {
		for {
			utterance, err := s.Next()
			if err == io.EOF || !yield(utterance, err) || err != nil {
				return
			}
		}
	}
}

// Close stops nothing: the rest of the page is made and kept. It always returns nil, and may be
// called again.
func (s *Stream) Close() error {
	s.once.Do(func() {
		runtime.SetFinalizer(s, nil)
		close(s.closing)
		C.bgo_cancel_now(s.wait.cancel) // ends a Next that is waiting
		s.mu.Lock()
		defer s.mu.Unlock()
		C.bgo_stream_free(s.handle)
		// It was asked to cancel, and is of no more use.
		s.wait.unwatch()
		destroyCancel(s.wait.cancel)
		if s.ended == nil {
			s.ended = streamClosed()
		}
		live.streams.Add(-1)
	})
	return nil
}

func streamClosed() error {
	return &Error{Code: ErrClosed, Message: "the stream was closed"}
}
