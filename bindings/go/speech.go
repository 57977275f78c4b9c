package bhashatts

// Speech is the one thing that is not copied to Go: a page has a few hundred kilobytes and a hit costs a
// microsecond. Hence a count of uses, which keeps Close from pulling the memory away under a reader,
// and views that say how long they are valid. A lock that a reader holds while a host's writer runs
// would do as well, until that writer asks the speech for its length while somebody closes it.

// #include "bridge.h"
import "C"

import (
	"io"
	"runtime"
	"sync"
	"time"
	"unsafe"
)

// A Format is what audio is encoded as; 0 stands for WAV.
type Format int32

// The formats.
const (
	WAV  Format = 1
	FLAC Format = 2
	Opus Format = 3 // in Ogg
	MP3  Format = 4
)

var formats = map[Format]struct{ name, mediaType string }{
	0: {"wav", "audio/wav"}, WAV: {"wav", "audio/wav"}, FLAC: {"flac", "audio/flac"},
	Opus: {"opus", "audio/ogg"}, MP3: {"mp3", "audio/mpeg"},
}

// String gives "wav", "flac", "opus" or "mp3"; "" for a number that means nothing.
func (f Format) String() string { return formats[f].name }

// MediaType gives what a web server says of it, "audio/mpeg"; "" for a number that means nothing.
func (f Format) MediaType() string { return formats[f].mediaType }

// An Origin says where a speech came from.
type Origin int32

// The origins.
const (
	FromMemory      Origin = 1
	FromLMDB        Origin = 2
	FromRedis       Origin = 3
	FromBlob        Origin = 4
	FromJoined      Origin = 5 // waited for a synthesis that another began
	FromSynthesized Origin = 6 // this call made it
	FromTier        Origin = 7 // a CacheTier of the host's
)

// String gives "memory", "lmdb", ...; "" for a number that means nothing.
func (o Origin) String() string {
	return C.GoString(C.bhashatts_origin_name(C.bhashatts_origin(o)))
}

// A SpeechInfo is what is known of a speech. Money is in millionths of a US dollar.
type SpeechInfo struct {
	// CacheKey is 32 hex digits.
	CacheKey string
	Format   Format
	Origin   Origin
	// Cached: it was there already.
	Cached bool
	// Fallback: another voice than the first one speaks.
	Fallback bool
	// SampleRate is in Hz.
	SampleRate int
	Duration   time.Duration
	// CostMicroUSD is what this call paid.
	CostMicroUSD int64
	// GenerationTime and GenerationCostMicroUSD are what it took when it was made.
	GenerationTime         time.Duration
	GenerationCostMicroUSD int64
	CreatedAt              time.Time
	// Take counts from 0; each rejection makes a new one.
	Take int
	// Utterances is how many sentences it was made of.
	Utterances int
	Language   string
	VoiceStyle string
	// Synthesizer is the voice's identity.
	Synthesizer string
}

// A Speech is audio and what is known of it. It outlives its Engine. All methods may be called from
// any goroutine.
//
// Close gives its memory back, which may be a view of a file of the cache. Without Close a finalizer
// does so, some time after the last reference has gone; a program that serves much should not wait
// for it.
type Speech struct {
	handle C.uintptr_t
	audio  []byte // the library's
	info   C.bhashatts_speech_info

	mu     sync.Mutex
	closed bool
	uses   int // handle and what it shows stay while there are any
}

func newSpeech(made *C.bgo_speech) *Speech {
	audio := unsafe.Slice((*byte)(unsafe.Pointer(made.audio)), int(made.size))
	speech := &Speech{handle: made.handle, audio: audio, info: made.info}
	live.speeches.Add(1)
	runtime.SetFinalizer(speech, (*Speech).Close)
	return speech
}

// Close gives the memory back. From now on Audio is nil and readers fail with ErrClosed. It waits for
// nobody: where a read or a WriteTo is under way, the memory goes when that has ended. It always
// returns nil, and may be called again.
func (s *Speech) Close() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if !s.closed {
		s.closed = true
		s.freeUnused()
	}
	return nil
}

// use keeps what Close gives back until done; it fails with ErrClosed.
func (s *Speech) use() error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return speechClosed()
	}
	s.uses++
	return nil
}

func (s *Speech) done() {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.uses--
	s.freeUnused()
}

// freeUnused gives back what was closed and is not used any more; mu is held.
func (s *Speech) freeUnused() {
	if !s.closed || s.uses > 0 {
		return
	}
	runtime.SetFinalizer(s, nil)
	C.bgo_speech_free(s.handle)
	s.handle, s.audio = 0, nil
	live.speeches.Add(-1)
}

// Audio is the encoded audio, a whole file, as it lies in the library's memory: it is not copied and
// must not be written to.
//
// The slice does not keep the Speech alive. It is valid until Close; where nobody calls Close, for as
// long as the Speech is reachable: have a defer speech.Close(), or a runtime.KeepAlive(speech) behind
// the last use of the slice. Reader, WriteTo and Bytes need no such care.
func (s *Speech) Audio() []byte {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.closed {
		return nil
	}
	return s.audio
}

// Bytes is a copy of the audio; nil once the Speech is closed.
func (s *Speech) Bytes() []byte {
	if s.use() != nil {
		return nil
	}
	defer s.done()
	return append(make([]byte, 0, len(s.audio)), s.audio...)
}

// Len is how many bytes the audio has; 0 once the Speech is closed.
func (s *Speech) Len() int { return len(s.Audio()) }

// WriteTo writes the audio without copying it; a Close meanwhile changes nothing. It implements
// io.WriterTo, and fails with ErrClosed, io.ErrShortWrite or what the writer says.
func (s *Speech) WriteTo(to io.Writer) (int64, error) { return s.Reader().WriteTo(to) }

// Reader reads the audio from its beginning. It keeps the Speech alive.
func (s *Speech) Reader() *AudioReader { return &AudioReader{speech: s} }

// Info is what is known of the speech; the zero SpeechInfo once it is closed.
func (s *Speech) Info() SpeechInfo {
	if s.use() != nil {
		return SpeechInfo{}
	}
	defer s.done()
	info := &s.info
	return SpeechInfo{
		CacheKey:               C.GoString(&info.cache_key[0]),
		Format:                 Format(info.format),
		Origin:                 Origin(info.origin),
		Cached:                 info.cached != 0,
		Fallback:               info.fallback != 0,
		SampleRate:             int(info.sample_rate),
		Duration:               milliseconds(info.duration_ms),
		CostMicroUSD:           int64(info.cost_micro_usd),
		GenerationTime:         milliseconds(info.generation_time_ms),
		GenerationCostMicroUSD: int64(info.generation_cost_micro_usd),
		CreatedAt:              time.Unix(int64(info.created_at), 0),
		Take:                   int(info.take),
		Utterances:             int(info.utterances),
		Language:               goString(info.language),
		VoiceStyle:             goString(info.voice_style),
		Synthesizer:            goString(info.synthesizer),
	}
}

// Origin says where the speech came from, as Info does, and costs nothing.
func (s *Speech) Origin() Origin { return Origin(s.info.origin) }

// Cached says whether it was there already, as Info does, and costs nothing.
func (s *Speech) Cached() bool { return s.info.cached != 0 }

// Duration is how long it lasts, as Info says, and costs nothing.
func (s *Speech) Duration() time.Duration { return milliseconds(s.info.duration_ms) }

// with calls run with the handle, which stays valid meanwhile; it fails with ErrClosed.
func (s *Speech) with(run func(handle C.uintptr_t) error) error {
	if err := s.use(); err != nil {
		return err
	}
	defer s.done()
	return run(s.handle)
}

func speechClosed() error {
	return &Error{Code: ErrClosed, Message: "the speech was closed"}
}
