package bhashatts

// What a plug-in's methods do to the library: errors, of which it knows only a code and a line, and
// panics, which must not get into C.

// #include "bridge.h"
import "C"

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
)

// member runs a plug-in's method on the library's thread and gives back what the library knows.
func member(what string, call func() error) C.bhashatts_status {
	failure := guarded(what, func() *Error { return pluginError(what, call(), storageCode) })
	if failure != nil {
		return fail(failure)
	}
	return C.BHASHATTS_OK
}

// guarded runs what is the host's; a panic is its failure. A flag tells, as recover gives nothing for
// panic(nil) where the program's go.mod says go 1.20 or older.
func guarded(what string, run func() *Error) (failure *Error) {
	returned := false
	defer func() {
		if value := recover(); !returned {
			failure = panicError(what, value)
		}
	}()
	failure = run()
	returned = true
	return failure
}

func panicError(what string, value any) *Error {
	return &Error{Code: ErrPluginFailed, Message: fmt.Sprintf("%s panicked: %v", what, value)}
}

// pluginError is err with a code: its own, or what meaning makes of it.
func pluginError(what string, err error, meaning func(error) (Code, bool)) *Error {
	if err == nil {
		return nil
	}
	var full *Error
	if errors.As(err, &full) && full != nil && full.Code != 0 {
		return inItsWrapping(full, err)
	}
	failed := &Error{Message: fmt.Sprintf("%s failed: %v", what, err)}
	if !errors.As(err, &failed.Code) || failed.Code == 0 {
		failed.Code, failed.Retryable = meaning(err)
	}
	return failed
}

// inItsWrapping is full with the words of err, which wraps it.
func inItsWrapping(full *Error, err error) *Error {
	if err == error(full) {
		return full
	}
	outer := *full
	outer.Message = strings.Replace(err.Error(), full.Error(), full.words(), 1)
	return &outer
}

// storageCode is what a tier, a store or a sink means by an error of the standard library's.
func storageCode(err error) (code Code, retryable bool) {
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return ErrNotFound, false
	case errors.Is(err, context.DeadlineExceeded):
		return ErrStorageFailed, true
	}
	return ErrPluginFailed, false
}

// attemptCode is what a Synthesizer means by one that had ctx. A timeout may be tried again, as those
// of the engine's own clients are. A cancellation is the engine's only where it has cancelled.
func attemptCode(ctx context.Context, err error) (code Code, retryable bool) {
	late := errors.Is(ctx.Err(), context.DeadlineExceeded)
	cancelled := errors.Is(err, context.Canceled)
	switch {
	case errors.Is(err, context.DeadlineExceeded), cancelled && late:
		return ErrUpstreamTimeout, true
	case cancelled && ctx.Err() != nil:
		return ErrCancelled, false
	}
	return ErrPluginFailed, false
}
