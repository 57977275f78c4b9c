package bhashatts

// The plug-in that most hosts write. What C has as a number of milliseconds and a flag to poll is a
// context here.

// #include "bridge.h"
import "C"

import (
	"context"
	"time"
)

// A SynthesisRequest is one utterance that a Synthesizer is to say.
type SynthesisRequest struct {
	// Text is normalised, valid UTF-8, never empty.
	Text       string
	Language   string
	VoiceStyle string
	// Description is the English caption that steers Parler-TTS.
	Description string
	// Take above 0: an earlier take was rejected, this one must differ.
	Take int
	// Attempt above 0: the one before failed or was refused, so what an upstream keeps in a cache will
	// not do.
	Attempt int
}

// A SynthesisResult is what a Synthesizer made.
type SynthesisResult struct {
	// Audio is a whole file in any format that the engine decodes; it is copied.
	Audio []byte
	// ComputeTime is the billed time; 0: as measured.
	ComputeTime time.Duration
	// CostMicroUSD is what this attempt cost, in millionths of a US dollar.
	CostMicroUSD int64
	// RequestID is the upstream's name for this call, ModelRevision what it says that it ran. Both may
	// be empty, and have at most 4,096 bytes.
	RequestID, ModelRevision string
}

// Limits are what a Synthesizer bears.
type Limits struct {
	// MaxAksharas is the longest utterance; 0: any length.
	MaxAksharas int
	// Concurrency is calls at once; 0: one.
	Concurrency int
	// MaxCostMicroUSD is the upper bound of one attempt; 0: it is free.
	MaxCostMicroUSD int64
}

// A SynthesizerState says how a Synthesizer stands; the zero value: ready.
type SynthesizerState int32

// The states.
const (
	Ready        SynthesizerState = 0
	Loading      SynthesizerState = 1 // will be ready by itself
	Unreachable  SynthesizerState = 2 // no answer from where it should be
	Unauthorized SynthesizerState = 3 // no token, or one that is refused
	NotServed    SynthesizerState = 4 // the upstream does not serve this model
	NoCredits    SynthesizerState = 5 // the account has no credits left
	Unavailable  SynthesizerState = 6 // anything else; the message says what
)

// A SynthesizerStatus is a state and, unless it is ready, what to do.
type SynthesizerStatus struct {
	State   SynthesizerState
	Message string
}

// A Synthesizer turns one utterance into audio. Its methods are called from many goroutines at once,
// Synthesize from up to Limits().Concurrency. How errors and panics are understood:
// see "Plug-ins" in the package's description.
type Synthesizer interface {
	// Identity names voice model and revision, never how it is reached: it is part of every key. Asked
	// once, by Open.
	Identity() string
	// Limits is asked once, by Open.
	Limits() Limits
	// Synthesize is one attempt: it blocks until the audio is there. Retries are the engine's business.
	// ctx is done when the attempt has taken as long as it may, and when the engine has waited long
	// enough in Close; return then. A failed attempt that cost money returns an *Error that says so.
	Synthesize(ctx context.Context, request SynthesisRequest) (SynthesisResult, error)
	// Status says how it stands without spending anything.
	Status() SynthesizerStatus
}

// A voice is a Synthesizer in an engine.
type voice struct {
	Synthesizer
	closing <-chan struct{}
}

const stopPoll = 5 * time.Millisecond

// speak makes one attempt.
func (v *voice) speak(request SynthesisRequest, timeout time.Duration, stop, reply C.uintptr_t) error {
	ctx, cancel := context.WithTimeout(context.Background(), timeout)
	defer cancel()
	go v.watchStop(ctx, cancel, stop)
	result, err := v.Synthesize(ctx, request)
	if err != nil {
		return pluginError("the synthesizer's Synthesize", err,
			func(err error) (Code, bool) { return attemptCode(ctx, err) })
	}
	if err := replyCosts(reply, result); err != nil {
		return err
	}
	return replyBytes(reply, result.Audio)
}

// watchStop cancels an attempt that the closing engine waits for no longer. The library can only be
// asked about that, so it is, but not before Close has begun: until then nobody polls.
func (v *voice) watchStop(ctx context.Context, cancel func(), stop C.uintptr_t) {
	select {
	case <-ctx.Done():
		return
	case <-v.closing:
	}
	tick := time.NewTicker(stopPoll)
	defer tick.Stop()
	for C.bgo_stop_requested(stop) == 0 {
		select {
		case <-ctx.Done():
			return
		case <-tick.C:
		}
	}
	cancel()
}
