package bhashatts_test

import (
	"context"
	"runtime"
	"testing"

	bhashatts "bhashatts.dev/go"
	"bhashatts.dev/go/internal/chits"
)

// What a hit costs through Go. HitInC is the same loop in C, in the same process: the difference is
// what Go adds.

// The page of benchmarks/capi_bench.cpp, so that languages can be compared.
const benchPage = "एक घने जंगल में एक छोटा सा खरगोश रहता था। उसका नाम चीकू था और उसे गाजर बहुत पसंद थी। " +
	"हर सुबह वह नदी के किनारे जाता और पानी में अपना चेहरा देखकर हँसता।"

func warm(b *testing.B) *bhashatts.Engine {
	engine := opened(b, bhashatts.WithSynthesizer(&tone{}))
	says(b, engine, hindi(benchPage))
	b.ReportAllocs()
	b.ResetTimer()
	return engine
}

func hit(b *testing.B, ctx context.Context, engine *bhashatts.Engine) {
	speech, err := engine.Synthesize(ctx, hindi(benchPage))
	if err != nil || len(speech.Audio()) == 0 {
		b.Fatal(err)
	}
	_ = speech.Close()
}

func BenchmarkHit(b *testing.B) {
	engine := warm(b)
	for i := 0; i < b.N; i++ {
		hit(b, background, engine)
	}
}

func BenchmarkHitThatCanBeCancelled(b *testing.B) {
	engine := warm(b)
	ctx, cancel := context.WithCancel(background)
	defer cancel()
	for i := 0; i < b.N; i++ {
		hit(b, ctx, engine)
	}
}

func BenchmarkHitWithInfo(b *testing.B) {
	engine := warm(b)
	for i := 0; i < b.N; i++ {
		speech, err := engine.Synthesize(background, hindi(benchPage))
		must(err)
		runtime.KeepAlive(speech.Info())
		_ = speech.Close()
	}
}

func BenchmarkHitInParallel(b *testing.B) {
	engine := warm(b)
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			hit(b, background, engine)
		}
	})
}

func BenchmarkHitInC(b *testing.B) {
	dir := b.TempDir()
	engine := openedIn(b, dir, bhashatts.WithSynthesizer(&tone{identity: "tone"}))
	says(b, engine, hindi(benchPage))
	b.ReportAllocs()
	b.ResetTimer()
	if status := chits.Hits(bhashatts.HandleOf(engine), benchPage, b.N); status != 0 {
		b.Fatal(status)
	}
}
