package bhashatts_test

import (
	"context"
	"errors"
	"fmt"
	"log"
	"os"
	"strings"
	"time"

	bhashatts "bhashatts.dev/go"
)

// example opens an engine on a directory that goes with it.
func example(options ...bhashatts.Option) (engine *bhashatts.Engine, end func()) {
	dir, err := os.MkdirTemp("", "bhashatts")
	if err != nil {
		log.Fatal(err)
	}
	engine, err = bhashatts.Open(bhashatts.Config{"data_dir": dir}, options...)
	if err != nil {
		log.Fatal(err)
	}
	return engine, func() {
		if err := engine.Close(context.Background()); err != nil {
			log.Fatal(err)
		}
		_ = os.RemoveAll(dir)
	}
}

func Example() {
	engine, end := example(bhashatts.WithSynthesizer(&tone{}))
	defer end()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	for i := 0; i < 2; i++ {
		speech, err := engine.Synthesize(ctx, bhashatts.Request{
			Text: "एक था राजा।", Language: "HINDI", Format: bhashatts.FLAC})
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%s, %d micro-dollars\n", speech.Origin(), speech.Info().CostMicroUSD)
		_ = speech.Close()
	}
	// Output:
	// synthesized, 7 micro-dollars
	// memory, 0 micro-dollars
}

func ExampleEngine_Lookup() {
	engine, end := example(bhashatts.WithSynthesizer(&tone{}))
	defer end()
	_, err := engine.Lookup(context.Background(), bhashatts.Request{Text: "एक था राजा।"})
	fmt.Println(errors.Is(err, bhashatts.ErrNotFound))
	// Output: true
}

func ExampleEngine_Stream() {
	engine, end := example(bhashatts.WithSynthesizer(&tone{}))
	defer end()
	stream, err := engine.Stream(context.Background(), bhashatts.Request{Text: twoSentences})
	if err != nil {
		log.Fatal(err)
	}
	defer stream.Close()
	// In Go 1.23 and newer: for utterance, err := range stream.All() { ... }
	stream.All()(func(utterance *bhashatts.Utterance, err error) bool {
		if err != nil {
			log.Fatal(err)
		}
		defer utterance.Close()
		fmt.Println("sentence", utterance.Number+1, "of", utterance.Count)
		return true
	})
	// Output:
	// sentence 1 of 2
	// sentence 2 of 2
}

func ExampleEngine_Prewarm() {
	engine, end := example(bhashatts.WithSynthesizer(&tone{}))
	defer end()
	stories := strings.NewReader(
		`{"story_id": "raja", "title": "राजा", "language": "HINDI", "pages": ["एक था राजा।", "वह वन में गया।"]}`)
	report, err := engine.Prewarm(context.Background(), stories, bhashatts.PrewarmOptions{
		Progress: func(at bhashatts.Progress) { fmt.Println(at.Done, "of", at.Total) }})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(report.PagesGenerated, "made,", report.PagesFailed, "failed")
	// Output:
	// 1 of 2
	// 2 of 2
	// 2 made, 0 failed
}

// A synthesizer in Go: what is needed is a name, limits, and audio in any format that the engine
// decodes.
type studio struct{}

func (studio) Identity() string { return "studio-recordings-1" }

func (studio) Limits() bhashatts.Limits { return bhashatts.Limits{Concurrency: 2} }

func (studio) Status() bhashatts.SynthesizerStatus { return bhashatts.SynthesizerStatus{} }

func (studio) Synthesize(ctx context.Context, request bhashatts.SynthesisRequest) (
	bhashatts.SynthesisResult, error) {
	if strings.Contains(request.Text, "राक्षस") {
		return bhashatts.SynthesisResult{}, &bhashatts.Error{
			Code: bhashatts.ErrUpstreamRejected, Message: "the studio does not say that"}
	}
	return bhashatts.SynthesisResult{Audio: spoken(request)}, nil
}

func ExampleSynthesizer() {
	engine, end := example(bhashatts.WithSynthesizer(studio{}))
	defer end()
	speech, err := engine.Synthesize(context.Background(), bhashatts.Request{Text: "एक था राजा।"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(speech.Info().Synthesizer)
	_ = speech.Close()
	_, err = engine.Synthesize(context.Background(), bhashatts.Request{Text: "एक था राक्षस।"})
	fmt.Println(bhashatts.CodeOf(err), "-", err)
	// Output:
	// studio-recordings-1
	// upstream_rejected - bhashatts: the studio does not say that
}
