package bhashatts_test

import (
	"context"
	"encoding/binary"
	"errors"
	"io"
	"testing"

	bhashatts "bhashatts.dev/go"
)

const (
	firstSentence  = "एक समय की बात है कि राजा अपने साथियों के साथ दूर के वन में गया।"
	secondSentence = "रानी अपने रथ पर बैठ कर नदी के किनारे से होते हुए घर आई।"
	twoSentences   = firstSentence + " " + secondSentence
)

func streamed(t *testing.T, engine *bhashatts.Engine, request bhashatts.Request) *bhashatts.Stream {
	t.Helper()
	stream, err := engine.Stream(background, request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = stream.Close() })
	return stream
}

func TestAStreamGivesTheUtterancesInOrderAndKeepsThePage(t *testing.T) {
	leakFree(t)
	engine := opened(t, bhashatts.WithSynthesizer(&tone{}))
	stream := streamed(t, engine, hindi(twoSentences))
	for number := 0; number < 2; number++ {
		utterance, err := stream.Next()
		if err != nil || utterance.Number != number || utterance.Count != 2 || utterance.Len() == 0 {
			t.Fatalf("%+v %v", utterance, err)
		}
		_ = utterance.Close()
	}
	for i := 0; i < 2; i++ {
		if _, err := stream.Next(); err != io.EOF {
			t.Error(err)
		}
	}
	if !says(t, engine, hindi(twoSentences)).Cached() {
		t.Error("the page was not kept")
	}
}

func TestAllWorksAsALoop(t *testing.T) {
	engine := opened(t, bhashatts.WithSynthesizer(&tone{}))
	count := 0
	streamed(t, engine, hindi(twoSentences)).All()(func(u *bhashatts.Utterance, err error) bool {
		must(err)
		_ = u.Close()
		count++
		return true
	})
	if count != 2 {
		t.Errorf("%d utterances", count)
	}
}

func TestAStreamsReaderMakesOneWAVWithThePauses(t *testing.T) {
	leakFree(t)
	engine := opened(t, bhashatts.WithSynthesizer(&tone{}))
	audio, err := io.ReadAll(streamed(t, engine, hindi(twoSentences)).Reader())
	if err != nil || string(audio[:4]) != "RIFF" || string(audio[36:40]) != "data" {
		t.Fatal(err)
	}
	rate := binary.LittleEndian.Uint32(audio[24:])
	page := says(t, engine, hindi(twoSentences))
	heard, want := float64(len(audio)-44)/float64(2*rate), page.Duration().Seconds()
	if heard < want-0.5 || heard > want+0.5 {
		t.Errorf("%.2f s, the page has %.2f s", heard, want)
	}
}

func TestAStreamsReaderJoinsWhatCanBeJoined(t *testing.T) {
	engine := opened(t, bhashatts.WithSynthesizer(&tone{}))
	request := bhashatts.Request{Text: twoSentences, Format: bhashatts.Opus}
	if audio, err := io.ReadAll(streamed(t, engine, request).Reader()); err != nil ||
		string(audio[:4]) != "OggS" {
		t.Error(err)
	}
	request.Format = bhashatts.FLAC
	if _, err := io.ReadAll(streamed(t, engine, request).Reader()); !errors.Is(err,
		bhashatts.ErrNotSupported) {
		t.Error(err)
	}
}

func TestClosingAStreamEndsANextThatWaits(t *testing.T) {
	leakFree(t)
	begun, release := make(chan struct{}), make(chan struct{})
	engine := opened(t, bhashatts.WithSynthesizer(&tone{
		before: func(context.Context, bhashatts.SynthesisRequest) error {
			close(begun)
			<-release
			return nil
		}}))
	stream := streamed(t, engine, hindi(sentence))
	go func() {
		<-begun
		_ = stream.Close()
		close(release)
	}()
	if _, err := stream.Next(); !errors.Is(err, bhashatts.ErrClosed) {
		t.Error(err)
	}
	if _, err := stream.Next(); !errors.Is(err, bhashatts.ErrClosed) {
		t.Error(err)
	}
}

func TestAStreamEndsWithItsContext(t *testing.T) {
	leakFree(t)
	ctx, cancel := context.WithCancel(background)
	engine := opened(t, bhashatts.WithSynthesizer(&tone{
		before: func(ctx context.Context, _ bhashatts.SynthesisRequest) error {
			cancel()
			return nil
		}}))
	stream, err := engine.Stream(ctx, hindi(sentence))
	must(err)
	defer stream.Close()
	for err == nil {
		_, err = stream.Next()
	}
	if !errors.Is(err, context.Canceled) && err != io.EOF {
		t.Error(err)
	}
}

func TestAStreamThatOutlivesItsEngineFindsItClosed(t *testing.T) {
	leakFree(t)
	engine := opened(t, bhashatts.WithSynthesizer(&tone{}))
	stream := streamed(t, engine, hindi(sentence))
	_, err := stream.Next()
	must(err)
	stream = streamed(t, engine, hindi("तोता फल खाता है।"))
	closed(t, engine)
	if _, err := stream.Next(); err == nil {
		t.Log("it had been made before the engine was closed")
	} else if !errors.Is(err, bhashatts.ErrClosed) {
		t.Error(err)
	}
}
