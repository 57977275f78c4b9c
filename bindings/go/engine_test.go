package bhashatts_test

import (
	"context"
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	bhashatts "bhashatts.dev/go"
)

func TestAPageIsMadeOnceAndThenKept(t *testing.T) {
	leakFree(t)
	voice := &tone{}
	engine := opened(t, bhashatts.WithSynthesizer(voice))
	first, second := says(t, engine, hindi(sentence)), says(t, engine, hindi(sentence))
	if first.Origin() != bhashatts.FromSynthesized || first.Cached() {
		t.Errorf("the first comes from %v", first.Origin())
	}
	if second.Origin() != bhashatts.FromMemory || !second.Cached() {
		t.Errorf("the second comes from %v", second.Origin())
	}
	if calls, _ := voice.total(); calls != 1 {
		t.Errorf("%d calls", calls)
	}
}

func TestEightGoroutinesThatWantTheSameFiftyPagesPayOnce(t *testing.T) {
	leakFree(t)
	voice := &tone{concurrency: 4}
	engine := opened(t, bhashatts.WithSynthesizer(voice))
	pages := pages(t)
	var all sync.WaitGroup
	for worker := 0; worker < 8; worker++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for _, page := range pages {
				speech, err := engine.Synthesize(background, page)
				if err != nil {
					t.Errorf("%s: %v", page.Text, err)
					return
				}
				if string(speech.Audio()[:4]) != "RIFF" {
					t.Errorf("%s: no WAV", page.Text)
				}
				_ = speech.Close()
			}
		}()
	}
	all.Wait()
	calls, utterances := voice.total()
	if calls != utterances || utterances <= 50 {
		t.Errorf("%d calls for %d utterances", calls, utterances)
	}
}

func TestAnEngineThatWasClosedSaysSo(t *testing.T) {
	leakFree(t)
	engine := opened(t, bhashatts.WithSynthesizer(&tone{}))
	speech := says(t, engine, hindi(sentence))
	closed(t, engine)
	calls := map[string]func() error{
		"Synthesize": func() error { _, err := engine.Synthesize(background, hindi(sentence)); return err },
		"Lookup":     func() error { _, err := engine.Lookup(background, hindi(sentence)); return err },
		"Stream":     func() error { _, err := engine.Stream(background, hindi(sentence)); return err },
		"Stats":      func() error { _, err := engine.Stats(); return err },
		"Status":     func() error { _, err := engine.Status(); return err },
		"Flush":      engine.Flush,
		"URL":        func() error { _, err := engine.URL(speech); return err },
		"Reject":     func() error { _, err := engine.Reject(hindi(sentence)); return err },
		"ForgetUser": func() error { _, err := engine.ForgetUser("u"); return err },
		"Clear":      func() error { _, err := engine.Clear(bhashatts.ClearOptions{}); return err },
		"Prewarm": func() error {
			_, err := engine.Prewarm(background, strings.NewReader(""), bhashatts.PrewarmOptions{})
			return err
		},
	}
	for name, call := range calls {
		if err := call(); !errors.Is(err, bhashatts.ErrClosed) {
			t.Errorf("%s: %v", name, err)
		}
	}
	if speech.Len() < 1000 || speech.Bytes() == nil {
		t.Error("the speech did not outlive its engine")
	}
}

func TestACallerWithoutTimeLeavesAndTheNextOneFindsASpeech(t *testing.T) {
	leakFree(t)
	release := make(chan struct{})
	voice := &tone{before: func(context.Context, bhashatts.SynthesisRequest) error {
		<-release
		return nil
	}}
	engine := opened(t, bhashatts.WithSynthesizer(voice))
	ctx, cancel := context.WithTimeout(background, 20*time.Millisecond)
	defer cancel()
	_, err := engine.Synthesize(ctx, hindi(sentence))
	if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(err, bhashatts.ErrDeadlineExceeded) {
		t.Error(err)
	}
	close(release)
	if origin := says(t, engine, hindi(sentence)).Origin(); origin == bhashatts.FromSynthesized {
		t.Error("it was made anew")
	}
	if calls, _ := voice.total(); calls != 1 {
		t.Errorf("%d calls", calls)
	}
}

func TestACancelledCallerLeavesAndThePaidWorkGoesOn(t *testing.T) {
	leakFree(t)
	begun, release := make(chan struct{}), make(chan struct{})
	voice := &tone{before: func(context.Context, bhashatts.SynthesisRequest) error {
		close(begun)
		<-release
		return nil
	}}
	engine := opened(t, bhashatts.WithSynthesizer(voice))
	ctx, cancel := context.WithCancel(background)
	go func() {
		<-begun
		cancel()
	}()
	_, err := engine.Synthesize(ctx, hindi(sentence))
	if !errors.Is(err, context.Canceled) || !errors.Is(err, bhashatts.ErrCancelled) {
		t.Error(err)
	}
	close(release)
	says(t, engine, hindi(sentence))
	if calls, _ := voice.total(); calls != 1 {
		t.Errorf("%d calls", calls)
	}
}

func TestAContextThatIsDoneAsksForNothing(t *testing.T) {
	voice := &tone{}
	engine := opened(t, bhashatts.WithSynthesizer(voice))
	ctx, cancel := context.WithCancel(background)
	cancel()
	if _, err := engine.Synthesize(ctx, hindi(sentence)); !errors.Is(err, ctx.Err()) {
		t.Error(err)
	}
	if _, err := engine.Stream(ctx, hindi(sentence)); !errors.Is(err, ctx.Err()) {
		t.Error(err)
	}
	if calls, _ := voice.total(); calls != 0 {
		t.Errorf("%d calls", calls)
	}
}

func TestLookupMakesNothing(t *testing.T) {
	engine := opened(t, bhashatts.WithSynthesizer(&tone{}))
	ctx, cancel := context.WithTimeout(background, time.Minute)
	defer cancel()
	if _, err := engine.Lookup(ctx, hindi(sentence)); !errors.Is(err, bhashatts.ErrNotFound) {
		t.Error(err)
	}
	says(t, engine, hindi(sentence))
	speech, err := engine.Lookup(ctx, hindi(sentence))
	if err != nil || !speech.Cached() {
		t.Error(err)
	}
}

func TestAnEngineThatNobodyClosesGoesWithTheGarbage(t *testing.T) {
	before := bhashatts.Live()["engines"]
	func() {
		engine, err := bhashatts.Open(bhashatts.Config{"data_dir": t.TempDir()},
			bhashatts.WithSynthesizer(&tone{}))
		must(err)
		speech, err := engine.Synthesize(background, hindi(sentence))
		must(err)
		_ = speech.Audio()
	}()
	eventually(t, func() string {
		if now := bhashatts.Live(); now["engines"] != before {
			return "the engine is still there"
		}
		return ""
	})
}

func TestClosingStopsASynthesizerThatIsStillSpeaking(t *testing.T) {
	leakFree(t)
	begun := make(chan struct{})
	voice := &tone{before: func(ctx context.Context, _ bhashatts.SynthesisRequest) error {
		close(begun)
		<-ctx.Done()
		return ctx.Err()
	}}
	engine := opened(t, bhashatts.WithSynthesizer(voice))
	failed := make(chan error)
	go func() {
		_, err := engine.Synthesize(background, hindi(sentence))
		failed <- err
	}()
	<-begun
	ctx, cancel := context.WithTimeout(background, 10*time.Millisecond)
	defer cancel()
	if err := engine.Close(ctx); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		t.Error(err)
	}
	if err := <-failed; familyOf(err) != 1 {
		t.Error(err)
	}
}

// familyOf is the hundreds of an error's code.
func familyOf(err error) int { return int(bhashatts.CodeOf(err)) / 100 }
