package bhashatts

// One type of error, and codes that are errors themselves, as those of syscall are: so there is one
// list of names for errors.Is, for a switch, and for what a plug-in returns.

/*
#cgo pkg-config: bhashatts-c
#include "bridge.h"
*/
import "C"

import (
	"context"
	"errors"
	"io/fs"
	"time"
	"unsafe"
)

// A Code says what went wrong, as a number that is the same in every language that bhashatts has an
// interface for and that is never given another meaning. Its hundreds are the family: 1 the engine,
// 2 what the caller sent, 3 not there, 4 the synthesizer, 5 money, 6 storage.
//
// A Code is an error itself, so that errors.Is(err, bhashatts.ErrNotFound) asks for it, and a plug-in
// may simply return one. errors.Is also knows what the standard library calls the same things:
// context.Canceled for ErrCancelled, context.DeadlineExceeded for ErrDeadlineExceeded,
// fs.ErrNotExist for ErrNotFound.
type Code int32

// The engine itself.
const (
	// ErrInternal: a defect of the library's; please report it.
	ErrInternal Code = 100
	// ErrOutOfMemory: there is no memory.
	ErrOutOfMemory Code = 101
	// ErrNotSupported: a known option that this version does not carry out.
	ErrNotSupported Code = 102
	// ErrClosed: the engine, the stream or the speech was closed.
	ErrClosed Code = 103
	// ErrCancelled: the caller's context was cancelled; paid work went on.
	ErrCancelled Code = 104
	// ErrPluginFailed: a plug-in panicked, or returned an error that has no Code.
	ErrPluginFailed Code = 105
)

// What the caller sent.
const (
	// ErrBadRequest: the message says which part.
	ErrBadRequest Code = 200
	// ErrTextEmpty: nothing to speak after normalisation.
	ErrTextEmpty Code = 201
	// ErrTextTooLong: over 5,000 code points or 20,000 bytes.
	ErrTextTooLong Code = 202
	// ErrTextNotUTF8: invalid UTF-8.
	ErrTextNotUTF8 Code = 203
	// ErrTextControl: a control character that is no line break or tab.
	ErrTextControl Code = 204
	// ErrLanguageUnknown: see Voices.
	ErrLanguageUnknown Code = 205
	// ErrVoiceStyleUnknown: see Voices.
	ErrVoiceStyleUnknown Code = 206
	// ErrFormatUnknown: none of the constants of type Format.
	ErrFormatUnknown Code = 207
	// ErrConfigInvalid: an unknown or malformed setting; the message names it.
	ErrConfigInvalid Code = 208
	// ErrStoriesInvalid: a line of a stories file is no story; the message names it.
	ErrStoriesInvalid Code = 209
)

// ErrNotFound: it is not there.
const ErrNotFound Code = 300

// The synthesizer.
const (
	// ErrNotConfigured: a token, program or voice is missing; the message says which.
	ErrNotConfigured Code = 400
	// ErrUnauthorized: the token was refused.
	ErrUnauthorized Code = 401
	// ErrRateLimited: too many calls; see Error.RetryAfter.
	ErrRateLimited Code = 402
	// ErrModelLoading: it will be ready by itself; see Error.RetryAfter.
	ErrModelLoading Code = 403
	// ErrModelNotServed: the upstream does not serve this model.
	ErrModelNotServed Code = 404
	// ErrEndpointPaused: its owner has paused it.
	ErrEndpointPaused Code = 405
	// ErrUpstreamRejected: the upstream refused this text; asking again will not help.
	ErrUpstreamRejected Code = 406
	// ErrUpstreamFailed: the upstream answered with an error.
	ErrUpstreamFailed Code = 407
	// ErrUnreachable: the upstream does not answer.
	ErrUnreachable Code = 408
	// ErrUpstreamTimeout: one synthesis took longer than it may.
	ErrUpstreamTimeout Code = 409
	// ErrBadAudio: what came back is no complete speech; it was not kept.
	ErrBadAudio Code = 410
	// ErrDeadlineExceeded: this caller's time is up; the work goes on, and a later call is a hit.
	ErrDeadlineExceeded Code = 411
)

// Money.
const (
	// ErrCreditsExhausted: the upstream's account has no credits left.
	ErrCreditsExhausted Code = 500
	// ErrBudgetExhausted: the month's budget is spent or reserved.
	ErrBudgetExhausted Code = 501
)

// Storage.
const (
	// ErrStorageFailed: the disk or the store answered with an error.
	ErrStorageFailed Code = 600
	// ErrStorageFull: no room; no new work is paid for, hits go on.
	ErrStorageFull Code = 601
	// ErrStorageReadOnly: hits go on, nothing new is made.
	ErrStorageReadOnly Code = 602
	// ErrStorageNewer: the data directory was written by a newer version.
	ErrStorageNewer Code = 603
	// ErrStorageWrongOwner: the data directory belongs to another user.
	ErrStorageWrongOwner Code = 604
	// ErrStorageNetwork: a network file system cannot hold the data directory.
	ErrStorageNetwork Code = 605
	// ErrStorageDamaged: what is stored is damaged.
	ErrStorageDamaged Code = 606
)

// String gives the code's stable name, "text_too_long"; "internal" for a number that means nothing.
func (c Code) String() string {
	return C.GoString(C.bhashatts_status_name(C.bhashatts_status(c)))
}

// Error gives the name, as String does.
func (c Code) Error() string { return c.String() }

// Is tells errors.Is what the standard library calls the same thing.
func (c Code) Is(target error) bool {
	switch c {
	case ErrCancelled:
		return target == context.Canceled
	case ErrDeadlineExceeded:
		return target == context.DeadlineExceeded
	case ErrNotFound:
		return target == fs.ErrNotExist
	}
	return false
}

// An Error is what the functions here return when they fail; only io.EOF, and what a reader or writer
// of the caller's says, come as they are. It is an immutable value; any goroutine may use it.
//
// A plug-in returns one to say more than a Code can: that the call may be tried again, when, and what
// it has cost.
type Error struct {
	Code Code
	// Message is one line that says what to do; it holds no token, no URL and no page's text.
	Message string
	// Detail is one line for logs, secrets taken out; often empty. Plug-ins cannot set it.
	Detail string
	// Retryable says whether the same call may succeed later.
	Retryable bool
	// RetryAfter is when it makes sense to ask again; 0 where that is not known.
	RetryAfter time.Duration
	// CostMicroUSD is what the failed call cost all the same, in millionths of a US dollar.
	CostMicroUSD int64
}

// Error gives the message, with "bhashatts: " before it.
func (e *Error) Error() string {
	return "bhashatts: " + e.words()
}

func (e *Error) words() string {
	if e.Message == "" {
		return e.Code.String()
	}
	return e.Message
}

// Unwrap gives the Code, for errors.Is and errors.As.
func (e *Error) Unwrap() error { return e.Code }

// CodeOf gives the Code of an error that came from here, however it was wrapped; 0 where it is nil,
// ErrInternal where it has none.
func CodeOf(err error) Code {
	var code Code
	if err != nil && !errors.As(err, &code) {
		return ErrInternal
	}
	return code
}

// errorOf turns what a call of the bridge brought back into an error, and frees it.
func errorOf(done C.bgo_done) error {
	if done.status == 0 {
		return nil
	}
	err := &Error{Code: Code(done.status)}
	if done.failure != nil {
		err.Message = C.GoString(&done.failure.message[0])
		err.Detail = C.GoString(&done.failure.detail[0])
		err.Retryable = done.failure.retryable != 0
		err.RetryAfter = milliseconds(done.failure.retry_after_ms)
		err.CostMicroUSD = int64(done.failure.cost_micro_usd)
		C.free(unsafe.Pointer(done.failure))
	}
	return err
}

func milliseconds(ms C.int64_t) time.Duration { return time.Duration(ms) * time.Millisecond }

func badRequest(message string) error { return &Error{Code: ErrBadRequest, Message: message} }

// contextError is what a call returns whose context is done.
func contextError(cause error) error {
	if errors.Is(cause, context.DeadlineExceeded) {
		return &Error{Code: ErrDeadlineExceeded, Retryable: true,
			Message: "this caller's time is up; the work goes on: ask again"}
	}
	return &Error{Code: ErrCancelled, Message: "the caller asked to stop; paid work goes on"}
}

// withContext gives a call's error the code that its context has: the library only knows that it was
// told to stop, not why.
func withContext(ctx context.Context, err error) error {
	if err != nil && ctx.Err() != nil && CodeOf(err) == ErrCancelled {
		return contextError(ctx.Err())
	}
	return err
}
