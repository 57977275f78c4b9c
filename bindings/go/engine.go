package bhashatts

// The life of an engine. Closing works in the background, because the library cannot be told to stop
// waiting and a context can; so it asks first whether it runs in a callback, which the library could
// only tell on the callback's own thread.

// #include "bridge.h"
import "C"

import (
	"context"
	"runtime"
	"sync"
	"sync/atomic"
)

// An Engine turns text into speech and never pays for the same sentence twice. All methods may be
// called from any goroutine.
//
// Close ends it. Without Close a finalizer does so, some time after the last reference has gone, in
// the background; but a plug-in that refers to its engine keeps it from going, and a process that
// exits waits for no finalizer.
type Engine struct {
	handle  C.uintptr_t
	closing chan struct{} // closed when Close begins
	begin   sync.Once
	closed  atomic.Bool   // as closing, for the way of a hit
	done    chan struct{} // closed when all has ended
	failed  error         // what then was not written; read once done
}

// Open opens the data directory, setting "data_dir"; many processes may have it open. Settings are
// config over the defaults, or over the environment where FromEnvironment is given.
//
// It fails with ErrConfigInvalid, ErrNotSupported, ErrNotConfigured, ErrBadRequest (a plug-in that
// will not do) and the codes of storage (6xx). Plug-ins belong to the engine from now on: it calls
// them from many goroutines, until Close has returned.
func Open(config Config, opts ...Option) (*Engine, error) {
	o := optionsOf(opts)
	if err := o.check(); err != nil {
		return nil, err
	}
	if err := o.askNames(); err != nil {
		return nil, err
	}
	settings, err := o.build(config)
	if err != nil {
		return nil, err
	}
	defer settings.free()
	return open(settings, o)
}

func open(settings configHandle, o *options) (*Engine, error) {
	engine := &Engine{closing: make(chan struct{}), done: make(chan struct{})}
	plugins, free := o.handOver(engine.closing)
	defer free()
	var first *C.bgo_plugin
	if len(plugins) > 0 {
		first = &plugins[0]
	}
	opened := C.bgo_open(C.uintptr_t(settings), first, C.size_t(len(plugins)))
	if err := errorOf(opened.done); err != nil {
		return nil, err
	}
	engine.handle = opened.handle
	live.engines.Add(1)
	runtime.SetFinalizer(engine, func(e *Engine) { e.shut(-1) })
	return engine, nil
}

// Close takes no more requests, waits for paid work that is under way, writes what is owed, and lets
// go. It waits until ctx's deadline, or else as long as the setting drain_timeout_ms says; then
// synthesizers are told to stop, by their contexts.
//
// Where ctx is done before the end, Close returns an error with errors.Is(err, ctx.Err()), and the
// rest happens in the background. It may be called again, and then waits for the same end. A plug-in
// that closes its engine from one of its methods gets ErrBadRequest. Where what is owed cannot be
// written it fails with a code of storage (6xx), and is closed all the same.
func (e *Engine) Close(ctx context.Context) error {
	if C.bgo_in_callback() != 0 {
		return badRequest("a callback must not close an engine")
	}
	wait := wait{ctx: ctx}
	e.shut(wait.timeout())
	select {
	case <-e.done:
		return e.failed
	case <-ctx.Done():
		return contextError(ctx.Err())
	}
}

// shut begins to close, once, in the background.
func (e *Engine) shut(drainMS C.int64_t) {
	e.begin.Do(func() {
		e.closed.Store(true)
		close(e.closing)
		go func() {
			e.failed = errorOf(C.bgo_close(e.handle, drainMS))
			C.bgo_engine_free(e.handle)
			live.engines.Add(-1)
			close(e.done)
		}()
	})
}

// closedOr gives a call's error: to a closed engine, whose handle is not known any more, every request
// is a bad one.
func (e *Engine) closedOr(err error) error {
	if err != nil && e.closed.Load() && CodeOf(err) == ErrBadRequest {
		return &Error{Code: ErrClosed, Message: "the engine was closed"}
	}
	return err
}

func (e *Engine) result(done C.bgo_done) error {
	return e.closedOr(errorOf(done))
}

// Flush waits until all that is owed (cache writes, usage) is written. It fails with ErrClosed and the
// codes of storage (6xx).
func (e *Engine) Flush() error {
	defer runtime.KeepAlive(e)
	return e.result(C.bgo_flush(e.handle))
}

// URL says where a speech's object can be fetched, made now: it may expire. It fails with ErrNotFound
// where the speech is only in tiers, with ErrClosed and with the codes of storage (6xx).
func (e *Engine) URL(speech *Speech) (url string, err error) {
	defer runtime.KeepAlive(e)
	err = speech.with(func(handle C.uintptr_t) error {
		url, err = taken(C.bgo_url(e.handle, handle))
		return e.closedOr(err)
	})
	return url, err
}

// StoryPageURL is URL for a page of a story that was spoken; pages count from 1. voiceStyle empty: as
// configured.
func (e *Engine) StoryPageURL(storyID string, page int, voiceStyle string) (string, error) {
	defer runtime.KeepAlive(e)
	url, err := pageURL(e.handle, storyID, page, voiceStyle)
	return url, e.closedOr(err)
}
