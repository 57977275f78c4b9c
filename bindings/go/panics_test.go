package bhashatts_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	bhashatts "bhashatts.dev/go"
)

// A panic(nil) has no value that recover could give, for modules that say go 1.20 or older, like this
// one: nothing of it may look like success.

func panicsWithNothing(context.Context, bhashatts.SynthesisRequest) error { panic(nil) }

func TestASynthesizersPanicWithNothingIsItsFailure(t *testing.T) {
	err := failsWith(t, &tone{before: panicsWithNothing})
	if err.Code != bhashatts.ErrPluginFailed || !strings.Contains(err.Message, "panicked") {
		t.Errorf("%+v", err)
	}
}

type voidStore struct{ storeShelf }

func (*voidStore) PutIfAbsent(string, []byte, bhashatts.BlobLabels) (bool, error) { panic(nil) }

func TestNoRecordNamesWhatAStoresPanicWithNothingDidNotKeep(t *testing.T) {
	leakFree(t)
	engine := opened(t, bhashatts.WithSynthesizer(&tone{}), bhashatts.WithBlobStore(&voidStore{}))
	says(t, engine, hindi(sentence)) // it is paid for, so it is returned
	must(engine.Flush())
	if stats, err := engine.Stats(); err != nil || stats.TotalEntries != 0 {
		t.Errorf("%+v %v", stats, err)
	}
}

// An amnesiac is a sink that panics at first.
type amnesiac struct{ diary }

func (a *amnesiac) Deliver(events []bhashatts.Event) error {
	if err := a.diary.Deliver(events); err != nil {
		panic(nil)
	}
	return nil
}

func TestASinksPanicWithNothingLosesNoEvent(t *testing.T) {
	leakFree(t)
	sink := &amnesiac{diary{refuse: 1}}
	engine := opened(t, bhashatts.WithSynthesizer(&tone{}), bhashatts.WithEventSinks(sink))
	says(t, engine, hindi(sentence))
	must(engine.Flush())
	eventually(t, func() string {
		if sink.find("speech_stored") == nil {
			return "the event is lost"
		}
		return ""
	})
}

type restless struct{ tone }

func (*restless) Status() bhashatts.SynthesizerStatus { panic(nil) }

func TestASynthesizerWhoseStatusPanicsWithNothingIsUnavailable(t *testing.T) {
	leakFree(t)
	status, err := opened(t, bhashatts.WithSynthesizer(&restless{})).Status()
	if err != nil || status.Model.Status != "unavailable" {
		t.Errorf("%+v %v", status.Model, err)
	}
}

func TestProgressThatPanicsWithNothingEndsTheRun(t *testing.T) {
	leakFree(t)
	engine := opened(t, bhashatts.WithSynthesizer(&tone{}))
	_, err := engine.Prewarm(background, story(t, 2), bhashatts.PrewarmOptions{
		Progress: func(bhashatts.Progress) { panic(nil) }})
	if !errors.Is(err, bhashatts.ErrPluginFailed) {
		t.Error(err)
	}
}

// A nameless one is a tier and a sink.
type nameless struct {
	tierShelf
	diary
}

func (*nameless) Name() string { panic("no name") }

func TestANameThatPanicsIsCaughtByOpen(t *testing.T) {
	leakFree(t)
	for what, option := range map[string]func() bhashatts.Option{
		"tier": func() bhashatts.Option { return bhashatts.WithTiers(&nameless{}) },
		"sink": func() bhashatts.Option { return bhashatts.WithEventSinks(&nameless{}) },
	} {
		_, err := bhashatts.Open(bhashatts.Config{"data_dir": t.TempDir()}, option())
		if !errors.Is(err, bhashatts.ErrPluginFailed) || !strings.Contains(err.Error(), what) {
			t.Errorf("%s: %v", what, err)
		}
	}
}
