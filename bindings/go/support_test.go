package bhashatts_test

import (
	"context"
	"fmt"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	bhashatts "bhashatts.dev/go"
)

// Warnings of what tests break on purpose are not for the console.
func TestMain(m *testing.M) {
	must(bhashatts.SetLog(bhashatts.LogError, func(bhashatts.LogLevel, string, string) {}))
	os.Exit(m.Run())
}

func must(err error) {
	if err != nil {
		panic(err)
	}
}

var background = context.Background()

// opened opens an engine on a directory of its own; it is closed when the test ends.
func opened(t testing.TB, options ...bhashatts.Option) *bhashatts.Engine {
	t.Helper()
	return openedIn(t, t.TempDir(), options...)
}

func openedIn(t testing.TB, dir string, options ...bhashatts.Option) *bhashatts.Engine {
	t.Helper()
	once := []bhashatts.Option{withAttempts("1")}
	engine, err := bhashatts.Open(bhashatts.Config{"data_dir": dir}, append(once, options...)...)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { closed(t, engine) })
	return engine
}

// withAttempts says how often an utterance is tried; the last one counts.
func withAttempts(most string) bhashatts.Option {
	return bhashatts.WithJSON(`{"max_attempts": ` + most + `}`)
}

func closed(t testing.TB, engine *bhashatts.Engine) {
	t.Helper()
	if err := engine.Close(background); err != nil {
		t.Error(err)
	}
}

// says synthesizes, and closes the speech when the test ends.
func says(t testing.TB, engine *bhashatts.Engine, request bhashatts.Request) *bhashatts.Speech {
	t.Helper()
	speech, err := engine.Synthesize(background, request)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = speech.Close() })
	return speech
}

func hindi(text string) bhashatts.Request { return bhashatts.Request{Text: text} }

const sentence = "राजा वन में गया।"

// pages are fifty in six languages, the same that C and Rust are tested with; PAGES_TSV names others.
// Some sentences come in several pages. A module that stands alone has none: the test is skipped.
func pages(t testing.TB) []bhashatts.Request {
	t.Helper()
	name := os.Getenv("PAGES_TSV")
	if name == "" {
		name = besides(t, "../../tests/bindings/pages.tsv")
	}
	text, err := os.ReadFile(name)
	must(err)
	var all []bhashatts.Request
	for _, line := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		language, page, _ := strings.Cut(line, "\t")
		all = append(all, bhashatts.Request{Text: page, Language: language})
	}
	return all
}

// besides gives the name of a file that is beside the module in the whole tree; where the module
// stands alone the test is skipped.
func besides(t testing.TB, name string) string {
	t.Helper()
	if _, err := os.Stat(name); err != nil {
		t.Skipf("the module stands alone: there is no %s", name)
	}
	return name
}

// leakFree fails where the test leaves a handle or a goroutine behind. Call it first: it looks when
// the engines of the test are closed.
func leakFree(t *testing.T) {
	t.Helper()
	handles, goroutines := bhashatts.Live(), runtime.NumGoroutine()
	t.Cleanup(func() {
		t.Helper()
		eventually(t, func() string {
			for name, before := range handles {
				if now := bhashatts.Live()[name]; now > before {
					return fmt.Sprintf("%s: %d, before %d", name, now, before)
				}
			}
			if now := runtime.NumGoroutine(); now > goroutines {
				return fmt.Sprintf("goroutines: %d, before %d", now, goroutines)
			}
			return ""
		})
	})
}

// eventually waits until wrong returns nothing.
func eventually(t testing.TB, wrong func() string) {
	t.Helper()
	for until := time.Now().Add(10 * time.Second); ; time.Sleep(time.Millisecond) {
		what := wrong()
		if what == "" {
			return
		}
		if time.Now().After(until) {
			t.Error(what)
			return
		}
		runtime.GC()
	}
}
