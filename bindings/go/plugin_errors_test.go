package bhashatts_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"math"
	"strings"
	"testing"
	"time"

	bhashatts "bhashatts.dev/go"
)

// What becomes of what plug-ins return.

func TestAWrappersWordsAreKept(t *testing.T) {
	err := failsWith(t, failing(fmt.Errorf("voice 7: %w", &bhashatts.Error{
		Code: bhashatts.ErrUnauthorized, Message: "get a new token", CostMicroUSD: 3})))
	if err.Code != bhashatts.ErrUnauthorized || err.Message != "voice 7: get a new token" {
		t.Errorf("%+v", err)
	}
	err = failsWith(t, failing(fmt.Errorf("voice 7: %w", bhashatts.ErrUnauthorized)))
	if err.Code != bhashatts.ErrUnauthorized || !strings.Contains(err.Message, "voice 7: unauth") {
		t.Errorf("%+v", err)
	}
}

func TestACancellationOfThePluginsOwnIsNotTheCallers(t *testing.T) {
	err := failsWith(t, failing(fmt.Errorf("asking: %w", context.Canceled)))
	if err.Code != bhashatts.ErrPluginFailed || errors.Is(err, context.Canceled) {
		t.Errorf("%+v", err)
	}
	leakFree(t)
	if err := urlFailure(t, context.Canceled); err.Code != bhashatts.ErrPluginFailed {
		t.Errorf("%+v", err)
	}
}

type streetless struct {
	storeShelf
	err error
}

func (s *streetless) URL(string) (string, error) { return "", s.err }

// urlFailure is what the engine makes of a store whose URL fails.
func urlFailure(t *testing.T, fails error) *bhashatts.Error {
	t.Helper()
	leakFree(t)
	engine := opened(t, bhashatts.WithSynthesizer(&tone{}),
		bhashatts.WithBlobStore(&streetless{err: fails}))
	speech := says(t, engine, bhashatts.Request{Text: sentence, StoryID: "s", PageNumber: 1})
	must(engine.Flush())
	_, err := engine.URL(speech)
	var full *bhashatts.Error
	if !errors.As(err, &full) {
		t.Fatalf("no typed error: %v", err)
	}
	return full
}

func TestWhatTheStandardLibraryCallsItIsUnderstoodByKind(t *testing.T) {
	late := urlFailure(t, fmt.Errorf("asking: %w", context.DeadlineExceeded))
	if late.Code != bhashatts.ErrStorageFailed || !late.Retryable {
		t.Errorf("%+v", late)
	}
	if err := urlFailure(t, fs.ErrNotExist); err.Code != bhashatts.ErrPluginFailed {
		t.Errorf("a URL is made of a name, whether or not there is such an object: %+v", err)
	}
	if err := failsWith(t, failing(fs.ErrNotExist)); err.Code != bhashatts.ErrPluginFailed {
		t.Errorf("%+v", err)
	}
	slow := failsWith(t, failing(context.DeadlineExceeded))
	if slow.Code != bhashatts.ErrUpstreamTimeout || !slow.Retryable {
		t.Errorf("%+v", slow)
	}
}

// When the engine closes it is its own cancellation, and no plug-in's failure.
func TestTheEnginesOwnCancellationIsNoPluginsFailure(t *testing.T) {
	leakFree(t)
	begun := make(chan struct{})
	voice := &tone{before: func(ctx context.Context, _ bhashatts.SynthesisRequest) error {
		close(begun)
		<-ctx.Done()
		return fmt.Errorf("asking: %w", context.Canceled)
	}}
	engine, failed := opened(t, bhashatts.WithSynthesizer(voice)), make(chan error)
	go func() {
		_, err := engine.Synthesize(background, hindi(sentence))
		failed <- err
	}()
	<-begun
	ctx, cancel := context.WithTimeout(background, 10*time.Millisecond)
	defer cancel()
	_ = engine.Close(ctx)
	if err := <-failed; errors.Is(err, bhashatts.ErrPluginFailed) || familyOf(err) != 1 {
		t.Error(err)
	}
}

// retried asks once, of an engine that tries twice; the first attempt fails with what fail gives.
func retried(t *testing.T, fail func(ctx context.Context) error) error {
	t.Helper()
	leakFree(t)
	voice := &tone{before: func(ctx context.Context, request bhashatts.SynthesisRequest) error {
		if request.Attempt > 0 {
			return nil
		}
		return fail(ctx)
	}}
	engine := opened(t, bhashatts.WithSynthesizer(voice),
		bhashatts.WithJSON(`{"synthesis_timeout_ms": 2000}`), withAttempts("2"))
	speech, err := engine.Synthesize(background, hindi(sentence))
	if err == nil {
		_ = speech.Close()
	}
	return err
}

func TestATimeoutIsTriedAgainAndABareCodeIsNot(t *testing.T) {
	err := retried(t, func(ctx context.Context) error {
		inner, cancel := context.WithTimeout(ctx, time.Millisecond)
		defer cancel()
		<-inner.Done()
		return inner.Err()
	})
	if err != nil {
		t.Error(err)
	}
	err = retried(t, func(context.Context) error { return bhashatts.ErrUpstreamTimeout })
	if !errors.Is(err, bhashatts.ErrUpstreamTimeout) {
		t.Error(err)
	}
}

func TestNumbersThatDoNotFitAreRefused(t *testing.T) {
	if math.MaxInt == math.MaxInt32 {
		t.Skip("every int fits")
	}
	leakFree(t)
	large := math.MaxInt32*2 + 3 // 1, cut
	engine := opened(t, bhashatts.WithSynthesizer(&tone{}))
	calls := map[string]func() error{
		"a page": func() error {
			_, err := engine.Synthesize(background, bhashatts.Request{Text: sentence, StoryID: "s",
				PageNumber: large})
			return err
		},
		"its URL": func() error { _, err := engine.StoryPageURL("s", large, ""); return err },
		"Prewarm": func() error {
			_, err := engine.Prewarm(background, story(t, 1),
				bhashatts.PrewarmOptions{Concurrency: large})
			return err
		},
		"Import": func() error {
			_, err := engine.Import(background, "x", bhashatts.ImportOptions{Concurrency: large})
			return err
		},
		"Limits": func() error {
			_, err := bhashatts.Open(bhashatts.Config{"data_dir": t.TempDir()},
				bhashatts.WithSynthesizer(&tone{concurrency: large}))
			return err
		},
	}
	for name, call := range calls {
		if err := call(); !errors.Is(err, bhashatts.ErrBadRequest) {
			t.Errorf("%s: %v", name, err)
		}
	}
}

type negativeStore struct{ storeShelf }

func (*negativeStore) Info(string) (int64, error) { return -1, nil }

func TestASizeBelowZeroIsTheStoresFailure(t *testing.T) {
	leakFree(t)
	engine := opened(t, bhashatts.WithSynthesizer(&tone{}), bhashatts.WithBlobStore(&negativeStore{}))
	_, err := engine.Synthesize(background, hindi(sentence))
	if err == nil || !strings.Contains(err.Error(), "below 0") {
		t.Error(err)
	}
}

func TestNumbersInJSONKeepAllTheirDigits(t *testing.T) {
	var events []bhashatts.Event
	must(bhashatts.Decode(`[{"id": 18446744073709551615, "at_ms": 1500, "usage": {"requests": 2.0,
		"response_time_ms": 1.5, "estimated_cost_usd": 0.000007}}]`, &events))
	usage := events[0].Usage
	if events[0].ID != math.MaxUint64 || events[0].At.UnixMilli() != 1500 || usage.Requests != 2 {
		t.Errorf("%+v", events[0])
	}
	if usage.ResponseTime != 1500*time.Microsecond || usage.EstimatedCostMicroUSD != 7 {
		t.Errorf("%+v", usage)
	}
}
