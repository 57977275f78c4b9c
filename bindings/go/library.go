package bhashatts

// Runs that take long: they tell their progress, and end early with a report rather than with nothing.

// #include "bridge.h"
import "C"

import (
	"context"
	"fmt"
	"io"
	"runtime"
	"strings"
	"sync"
	"time"
)

// A Progress says how far a Prewarm or an Import is.
type Progress struct {
	// Total is pages; 0 where it is not known (an import).
	Total int64
	// Done is of any outcome: Cached, Made (generated or adopted), Rejected or Failed.
	Done, Cached, Made, Rejected, Failed int64
	Elapsed                              time.Duration
}

// PrewarmOptions say what of a stories file is made; the zero value: all of it.
type PrewarmOptions struct {
	// Language: only stories in it.
	Language string
	// StoryID: only this story.
	StoryID string
	// Limit: at most so many stories; 0: all.
	Limit int
	// VoiceStyle; empty: as configured.
	VoiceStyle string
	Format     Format
	// Concurrency is pages at once; 0: the synthesizer's own limit.
	Concurrency int
	// DryRun counts what would be made, and what it would cost at most, and makes nothing.
	DryRun bool
	// Progress is called after each page, by one goroutine at a time. Where it panics the run ends with
	// ErrPluginFailed.
	Progress func(Progress)
}

// Prewarm makes the pages of stories that are not kept yet. stories is JSON Lines: story_id, title,
// language, pages. It is read to its end first; what happens to each page is in the report.
//
// Where ctx is done it finishes what is in hand, begins nothing more, and returns the report and an
// error with errors.Is(err, ctx.Err()); the next run goes on there. It fails with ErrStoriesInvalid
// (the message names the line), the codes of bad input (2xx), ErrClosed, and what the reader says.
func (e *Engine) Prewarm(ctx context.Context, stories io.Reader, options PrewarmOptions) (
	PrewarmReport, error) {
	var report PrewarmReport
	var text strings.Builder
	if _, err := io.Copy(&text, stories); err != nil {
		return report, fmt.Errorf("reading the stories: %w", err)
	}
	err := e.run(ctx, options.Progress, &report, func(run *run) (string, error) {
		return prewarm(e.handle, text.String(), options, run)
	})
	if err == nil && report.PagesNotAttempted > 0 && ctx.Err() != nil {
		err = contextError(ctx.Err())
	}
	return report, err
}

// ImportOptions say what of an export is adopted; the zero value: all of it.
type ImportOptions struct {
	// Language: only rows in it.
	Language string
	// Limit: at most so many rows; 0: all.
	Limit int
	// Prefix is that of the old objects' names; empty: "audio/tts/".
	Prefix string
	// Directory is where they are, as files; empty: in the configured store.
	Directory string
	// SameDescription refuses audio that another voice description was used for.
	SameDescription bool
	// Concurrency is rows at once, 1 to 64; 0: 4.
	Concurrency int
	// DryRun reads and judges all of it, and keeps nothing.
	DryRun bool
	// Progress is called after each row, as in PrewarmOptions.
	Progress func(Progress)
}

// Import adopts the audio that the export in the file path tells of: docs/cli.md, import. A run that
// was broken off goes on where it was. ctx works as in Prewarm. It fails with ErrNotFound (no such
// file), the codes of bad input (2xx), ErrStorageFull, ErrStorageReadOnly and ErrClosed.
func (e *Engine) Import(ctx context.Context, path string, options ImportOptions) (
	ImportReport, error) {
	var report ImportReport
	err := e.run(ctx, options.Progress, &report, func(run *run) (string, error) {
		return importExport(e.handle, path, options, run)
	})
	if err == nil && report.Stopped && ctx.Err() != nil {
		err = contextError(ctx.Err())
	}
	return report, err
}

// A run is a Prewarm or an Import under way, as its progress callback knows it.
type run struct {
	cancel   C.uintptr_t
	context  C.uintptr_t // of itself; 0: nobody listens
	progress func(Progress)

	mu       sync.Mutex
	panicked *Error
}

// run lets call work, watches ctx, and reads the report.
func (e *Engine) run(ctx context.Context, progress func(Progress), report any,
	call func(*run) (string, error)) error {
	waiting, err := watchAlways(ctx)
	if err != nil {
		return err
	}
	run := &run{cancel: waiting.cancel, progress: progress}
	if progress != nil {
		run.context = newContext(run)
		defer freeContext(run.context)
	}
	json, err := call(run)
	runtime.KeepAlive(e)
	if run.panicked != nil {
		waiting.unwatch()
		destroyCancel(waiting.cancel)
		return run.panicked
	}
	waiting.end()
	if err != nil {
		return withContext(ctx, e.closedOr(err))
	}
	return decode(json, report)
}

// show tells the caller; one who panics ends the run.
func (r *run) show(at Progress) {
	r.mu.Lock()
	defer r.mu.Unlock()
	if r.panicked != nil {
		return
	}
	r.panicked = guarded("the progress function", func() *Error {
		r.progress(at)
		return nil
	})
	if r.panicked != nil {
		C.bgo_cancel_now(r.cancel)
	}
}
