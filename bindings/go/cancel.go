package bhashatts

// #include "bridge.h"
import "C"

import (
	"context"
	"time"
)

// How a context becomes what the library understands: its deadline a number of milliseconds, its
// cancellation a handle that a watcher asks to cancel. Handles that were never asked are used again,
// so that a call with a context makes none.

const mostIdleCancels = 64

var idleCancels = make(chan C.uintptr_t, mostIdleCancels)

func newCancel() (C.uintptr_t, error) {
	select {
	case cancel := <-idleCancels:
		return cancel, nil
	default:
	}
	cancel := C.bgo_cancel_new()
	if cancel == 0 {
		return 0, &Error{Code: ErrOutOfMemory, Message: "out of memory"}
	}
	live.cancels.Add(1)
	return cancel, nil
}

func giveBackCancel(cancel C.uintptr_t) {
	select {
	case idleCancels <- cancel:
	default:
		destroyCancel(cancel)
	}
}

func destroyCancel(cancel C.uintptr_t) {
	C.bgo_cancel_free(cancel)
	live.cancels.Add(-1)
}

// A wait is a call's context while the call is under way.
type wait struct {
	ctx     context.Context
	cancel  C.uintptr_t // 0: nothing can stop it
	unwatch func() bool
}

// watch begins a wait. It fails where the context is done already.
func watch(ctx context.Context) (wait, error) {
	if err := ctx.Err(); err != nil {
		return wait{}, contextError(err)
	}
	if ctx.Done() == nil {
		return wait{ctx: ctx}, nil
	}
	return watchAlways(ctx)
}

// watchAlways is watch with a handle in any case.
func watchAlways(ctx context.Context) (wait, error) {
	if err := ctx.Err(); err != nil {
		return wait{}, contextError(err)
	}
	cancel, err := newCancel()
	if err != nil {
		return wait{}, err
	}
	return wait{ctx, cancel, afterDone(ctx, func() { C.bgo_cancel_now(cancel) })}, nil
}

// end ends it, once.
func (w *wait) end() {
	switch {
	case w.cancel == 0:
	case w.unwatch():
		giveBackCancel(w.cancel)
	default:
		// It was asked, or is being asked: a late asker finds a stale handle, which is harmless.
		destroyCancel(w.cancel)
	}
	w.cancel = 0
}

// timeout is what is left, in milliseconds, at least 1; below 0 where there is no deadline.
func (w *wait) timeout() C.int64_t {
	deadline, limited := w.ctx.Deadline()
	if !limited {
		return -1
	}
	left := time.Until(deadline) + time.Millisecond - 1
	if left < time.Millisecond {
		return 1
	}
	return C.int64_t(left / time.Millisecond)
}
