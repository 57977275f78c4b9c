package bhashatts_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	bhashatts "bhashatts.dev/go"
)

// failsWith asks a synthesizer for one sentence and gives what the engine makes of it.
func failsWith(t *testing.T, voice *tone) *bhashatts.Error {
	t.Helper()
	leakFree(t)
	engine := opened(t, bhashatts.WithSynthesizer(voice), bhashatts.WithJSON(
		`{"synthesis_timeout_ms": 100}`))
	_, err := engine.Synthesize(background, hindi(sentence))
	var full *bhashatts.Error
	if !errors.As(err, &full) {
		t.Fatalf("no typed error: %v", err)
	}
	return full
}

func failing(err error) *tone {
	return &tone{before: func(context.Context, bhashatts.SynthesisRequest) error { return err }}
}

func TestASynthesizersErrorComesBackWhole(t *testing.T) {
	err := failsWith(t, failing(&bhashatts.Error{Code: bhashatts.ErrUpstreamRejected,
		Message: "this text is refused", CostMicroUSD: 3}))
	if err.Code != bhashatts.ErrUpstreamRejected || err.Message != "this text is refused" ||
		err.Retryable {
		t.Errorf("%+v", err)
	}
}

func TestASynthesizerMayReturnABareCode(t *testing.T) {
	if err := failsWith(t, failing(bhashatts.ErrUnauthorized)); err.Code != bhashatts.ErrUnauthorized {
		t.Errorf("%+v", err)
	}
}

func TestAnErrorThatHasNoCodeIsAPluginsFailure(t *testing.T) {
	err := failsWith(t, failing(errors.New("the cable is loose")))
	if err.Code != bhashatts.ErrPluginFailed || !strings.Contains(err.Message, "the cable is loose") {
		t.Errorf("%+v", err)
	}
}

func TestAPanicIsCaughtAtTheBoundary(t *testing.T) {
	err := failsWith(t, &tone{before: func(context.Context, bhashatts.SynthesisRequest) error {
		var none map[string]int
		none["x"] = 1
		return nil
	}})
	if err.Code != bhashatts.ErrPluginFailed || !strings.Contains(err.Message, "panicked") {
		t.Errorf("%+v", err)
	}
}

func TestWrongAudioIsNotKept(t *testing.T) {
	for name, audio := range map[string][]byte{
		"nothing": nil, "no audio": []byte("hello"), "silence": wavFile(make([]int16, 9000))} {
		t.Run(name, func(t *testing.T) {
			err := failsWith(t, &tone{say: func(bhashatts.SynthesisRequest) []byte { return audio }})
			if err.Code != bhashatts.ErrBadAudio {
				t.Errorf("%+v", err)
			}
		})
	}
}

func TestASynthesizerThatTakesTooLongIsToldByItsContext(t *testing.T) {
	err := failsWith(t, &tone{before: func(ctx context.Context, _ bhashatts.SynthesisRequest) error {
		<-ctx.Done()
		return ctx.Err()
	}})
	if err.Code != bhashatts.ErrUpstreamTimeout {
		t.Errorf("%+v", err)
	}
}

func TestASynthesizerIsToldAllThatItNeeds(t *testing.T) {
	var heard bhashatts.SynthesisRequest
	var limited bool
	engine := opened(t, bhashatts.WithSynthesizer(&tone{
		before: func(ctx context.Context, request bhashatts.SynthesisRequest) error {
			heard = request
			_, limited = ctx.Deadline()
			return nil
		}}))
	speech := says(t, engine, bhashatts.Request{Text: "நாய் ஓடியது.", Language: "TAMIL",
		VoiceStyle: "calm"})
	if heard.Text != "நாய் ஓடியது." || heard.Language != "TAMIL" || heard.VoiceStyle != "calm" ||
		heard.Description == "" || !limited {
		t.Errorf("%+v", heard)
	}
	info := speech.Info()
	if info.CostMicroUSD != 7 || info.Synthesizer == "" || info.Language != "TAMIL" {
		t.Errorf("%+v", info)
	}
}

func TestAFallbackSpeaksWhenTheFirstVoiceCannot(t *testing.T) {
	leakFree(t)
	engine := opened(t, bhashatts.WithSynthesizer(failing(bhashatts.ErrUnauthorized)),
		bhashatts.WithFallbacks(&tone{identity: "second"}))
	if info := says(t, engine, hindi(sentence)).Info(); !info.Fallback {
		t.Errorf("%+v", info)
	}
	request := hindi("रानी घर आई।")
	request.NoFallback = true
	if _, err := engine.Synthesize(background, request); !errors.Is(err, bhashatts.ErrUnauthorized) {
		t.Error(err)
	}
}

func TestASynthesizerThatMisbehavesAtOpenIsRefused(t *testing.T) {
	leakFree(t)
	_, err := bhashatts.Open(bhashatts.Config{"data_dir": t.TempDir()},
		bhashatts.WithSynthesizer(&tone{concurrency: -1}))
	if !errors.Is(err, bhashatts.ErrBadRequest) {
		t.Error(err)
	}
	if _, err = bhashatts.Open(nil, bhashatts.WithSynthesizer(nil)); !errors.Is(err,
		bhashatts.ErrBadRequest) {
		t.Error(err)
	}
}

func TestAPluginMustNotCloseItsEngine(t *testing.T) {
	var engine *bhashatts.Engine
	var err error
	voice := &tone{before: func(context.Context, bhashatts.SynthesisRequest) error {
		err = engine.Close(background)
		return nil
	}}
	engine = opened(t, bhashatts.WithSynthesizer(voice))
	says(t, engine, hindi(sentence))
	if !errors.Is(err, bhashatts.ErrBadRequest) {
		t.Error(err)
	}
}

func TestStatusAsksTheSynthesizer(t *testing.T) {
	engine := opened(t, bhashatts.WithSynthesizer(&sleepy{}))
	status, err := engine.Status()
	if err != nil || status.Model.Status != "loading" || status.Model.Message != "have some tea" {
		t.Errorf("%+v %v", status.Model, err)
	}
}

type sleepy struct{ tone }

func (*sleepy) Status() bhashatts.SynthesizerStatus {
	return bhashatts.SynthesizerStatus{State: bhashatts.Loading, Message: "have some tea"}
}

func TestCallsAfterTheirContextIsDoneAreHarmless(t *testing.T) {
	leakFree(t)
	release, ended := make(chan struct{}), make(chan struct{})
	voice := &tone{before: func(ctx context.Context, _ bhashatts.SynthesisRequest) error {
		<-release // and not ctx: this one is deaf
		close(ended)
		return nil
	}}
	engine := opened(t, bhashatts.WithSynthesizer(voice))
	ctx, cancel := context.WithTimeout(background, 10*time.Millisecond)
	defer cancel()
	_, err := engine.Synthesize(ctx, hindi(sentence))
	closing, stop := context.WithTimeout(background, 10*time.Millisecond)
	defer stop()
	late := engine.Close(closing)
	close(release)
	<-ended
	if !errors.Is(err, context.DeadlineExceeded) || !errors.Is(late, context.DeadlineExceeded) {
		t.Error(err, late)
	}
}
