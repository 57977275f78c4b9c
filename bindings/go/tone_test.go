package bhashatts_test

import (
	"context"
	"encoding/binary"
	"math"
	"sync"
	"unicode"

	bhashatts "bhashatts.dev/go"
)

// A tone is a Synthesizer in Go: a buzz that swells and dies away with each syllable, as long as the
// text asks for, so that the engine's gate takes it for speech. It counts its calls.
type tone struct {
	identity    string
	concurrency int
	// before runs ahead of each call; what it fails with is the outcome.
	before func(ctx context.Context, request bhashatts.SynthesisRequest) error
	// say gives other audio.
	say func(request bhashatts.SynthesisRequest) []byte

	mu    sync.Mutex
	calls map[string]int
}

func (t *tone) Identity() string {
	if t.identity == "" {
		return "tone"
	}
	return t.identity
}

func (t *tone) Limits() bhashatts.Limits {
	return bhashatts.Limits{Concurrency: t.concurrency, MaxCostMicroUSD: 7}
}

func (t *tone) Status() bhashatts.SynthesizerStatus { return bhashatts.SynthesizerStatus{} }

func (t *tone) Synthesize(ctx context.Context, request bhashatts.SynthesisRequest) (
	bhashatts.SynthesisResult, error) {
	t.count(request)
	if t.before != nil {
		if err := t.before(ctx, request); err != nil {
			return bhashatts.SynthesisResult{}, err
		}
	}
	say := spoken
	if t.say != nil {
		say = t.say
	}
	return bhashatts.SynthesisResult{Audio: say(request), CostMicroUSD: 7, RequestID: "r1"}, nil
}

func (t *tone) count(request bhashatts.SynthesisRequest) {
	t.mu.Lock()
	defer t.mu.Unlock()
	if t.calls == nil {
		t.calls = map[string]int{}
	}
	t.calls[request.Language+": "+request.Text]++
}

// total is how many calls there were, of how many different utterances.
func (t *tone) total() (calls, utterances int) {
	t.mu.Lock()
	defer t.mu.Unlock()
	for _, n := range t.calls {
		calls += n
	}
	return calls, len(t.calls)
}

const toneRate = 8000

func spoken(request bhashatts.SynthesisRequest) []byte {
	syllables := 0
	for _, r := range request.Text {
		if unicode.Is(unicode.Lo, r) {
			syllables++
		}
		if unicode.IsDigit(r) { // a word of two or three
			syllables += 2
		}
	}
	seconds := 0.25 + 0.17*float64(syllables)
	samples := make([]int16, int(seconds*toneRate))
	for i := range samples[:len(samples)-toneRate/8] {
		t := float64(i) / toneRate
		wave := 0.0
		for k := 1.0; k <= 8; k++ {
			wave += math.Sin(2*math.Pi*140*k*t+k) / k
		}
		samples[i] = int16(2500 * wave * (0.52 - 0.48*math.Cos(2*math.Pi*t/0.17)))
	}
	return wavFile(samples)
}

func wavFile(samples []int16) []byte {
	file := []byte("RIFF____WAVEfmt \x10\x00\x00\x00\x01\x00\x01\x00________\x02\x00\x10\x00data____")
	binary.LittleEndian.PutUint32(file[4:], uint32(36+2*len(samples)))
	binary.LittleEndian.PutUint32(file[24:], toneRate)
	binary.LittleEndian.PutUint32(file[28:], 2*toneRate)
	binary.LittleEndian.PutUint32(file[40:], uint32(2*len(samples)))
	for _, sample := range samples {
		file = binary.LittleEndian.AppendUint16(file, uint16(sample))
	}
	return file
}
