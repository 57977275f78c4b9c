package bhashatts_test

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"strings"
	"sync"
	"testing"

	bhashatts "bhashatts.dev/go"
)

func TestCodesHaveTheFrozenNamesOfTheLibrary(t *testing.T) {
	names := map[bhashatts.Code]string{
		bhashatts.ErrInternal: "internal", bhashatts.ErrOutOfMemory: "out_of_memory",
		bhashatts.ErrNotSupported: "not_supported", bhashatts.ErrClosed: "closed",
		bhashatts.ErrCancelled: "cancelled", bhashatts.ErrPluginFailed: "plugin_failed",
		bhashatts.ErrBadRequest: "bad_request", bhashatts.ErrTextEmpty: "text_empty",
		bhashatts.ErrTextTooLong: "text_too_long", bhashatts.ErrTextNotUTF8: "text_not_utf8",
		bhashatts.ErrTextControl: "text_control", bhashatts.ErrLanguageUnknown: "language_unknown",
		bhashatts.ErrVoiceStyleUnknown: "voice_style_unknown",
		bhashatts.ErrFormatUnknown:     "format_unknown", bhashatts.ErrConfigInvalid: "config_invalid",
		bhashatts.ErrStoriesInvalid: "stories_invalid", bhashatts.ErrNotFound: "not_found",
		bhashatts.ErrNotConfigured: "not_configured", bhashatts.ErrUnauthorized: "unauthorized",
		bhashatts.ErrRateLimited: "rate_limited", bhashatts.ErrModelLoading: "model_loading",
		bhashatts.ErrModelNotServed:   "model_not_served",
		bhashatts.ErrEndpointPaused:   "endpoint_paused",
		bhashatts.ErrUpstreamRejected: "upstream_rejected",
		bhashatts.ErrUpstreamFailed:   "upstream_failed", bhashatts.ErrUnreachable: "unreachable",
		bhashatts.ErrUpstreamTimeout: "upstream_timeout", bhashatts.ErrBadAudio: "bad_audio",
		bhashatts.ErrDeadlineExceeded: "deadline_exceeded",
		bhashatts.ErrCreditsExhausted: "credits_exhausted",
		bhashatts.ErrBudgetExhausted:  "budget_exhausted", bhashatts.ErrStorageFailed: "storage_failed",
		bhashatts.ErrStorageFull:     "storage_full",
		bhashatts.ErrStorageReadOnly: "storage_read_only",
		bhashatts.ErrStorageNewer:    "storage_newer", bhashatts.ErrStorageWrongOwner: "storage_wrong_owner",
		bhashatts.ErrStorageNetwork: "storage_network", bhashatts.ErrStorageDamaged: "storage_damaged",
	}
	for code, name := range names {
		if code.String() != name {
			t.Errorf("%d is %s, not %s", code, code, name)
		}
	}
}

func TestErrorsAreFoundByCodeAndByWhatTheStandardLibraryCallsThem(t *testing.T) {
	wrapped := fmt.Errorf("page 3: %w", &bhashatts.Error{Code: bhashatts.ErrNotFound})
	if !errors.Is(wrapped, bhashatts.ErrNotFound) || !errors.Is(wrapped, fs.ErrNotExist) ||
		errors.Is(wrapped, bhashatts.ErrClosed) || errors.Is(wrapped, context.Canceled) {
		t.Error(wrapped)
	}
	if bhashatts.CodeOf(wrapped) != bhashatts.ErrNotFound || bhashatts.CodeOf(nil) != 0 ||
		bhashatts.CodeOf(errors.New("x")) != bhashatts.ErrInternal {
		t.Error("CodeOf")
	}
}

func TestBadInputIsTold(t *testing.T) {
	engine := opened(t, bhashatts.WithSynthesizer(&tone{}))
	cases := map[bhashatts.Code]bhashatts.Request{
		bhashatts.ErrTextEmpty:         {Text: "  "},
		bhashatts.ErrTextTooLong:       {Text: strings.Repeat("क", 6000)},
		bhashatts.ErrTextNotUTF8:       {Text: "\xff"},
		bhashatts.ErrTextControl:       {Text: "a\x00b"},
		bhashatts.ErrLanguageUnknown:   {Text: sentence, Language: "KLINGON"},
		bhashatts.ErrVoiceStyleUnknown: {Text: sentence, VoiceStyle: "shouting"},
		bhashatts.ErrFormatUnknown:     {Text: sentence, Format: 99},
	}
	for code, request := range cases {
		_, err := engine.Synthesize(background, request)
		var full *bhashatts.Error
		if !errors.As(err, &full) || full.Code != code || full.Message == "" {
			t.Errorf("%v: %v", code, err)
		}
	}
}

// The library keeps one error a thread, and goroutines change threads.
func TestGoroutinesDoNotSeeEachOthersErrors(t *testing.T) {
	var all sync.WaitGroup
	for worker := 0; worker < 8; worker++ {
		all.Add(1)
		go func(name string) {
			defer all.Done()
			for i := 0; i < 500; i++ {
				_, err := bhashatts.Open(bhashatts.Config{name: "1"})
				if err == nil || !strings.Contains(err.Error(), name) {
					t.Errorf("%s: %v", name, err)
					return
				}
			}
		}(fmt.Sprintf("no_such_setting_%d", worker))
	}
	all.Wait()
}

func TestAWrongSettingIsNamed(t *testing.T) {
	leakFree(t)
	_, err := bhashatts.Open(bhashatts.Config{"data_dri": "x"})
	if !errors.Is(err, bhashatts.ErrConfigInvalid) || !strings.Contains(err.Error(), "data_dri") {
		t.Error(err)
	}
	if _, err = bhashatts.Open(nil, bhashatts.WithJSON("[")); !errors.Is(err,
		bhashatts.ErrConfigInvalid) {
		t.Error(err)
	}
}

func TestSettingsComeFromTheEnvironmentOnlyWhenAsked(t *testing.T) {
	t.Setenv("BHASHATTS_NAMESPACE", "ours")
	for _, from := range [][]bhashatts.Option{nil, {bhashatts.FromEnvironment()}} {
		engine := opened(t, append(from, bhashatts.WithSynthesizer(&tone{}))...)
		text, err := engine.Config()
		must(err)
		if strings.Contains(string(text), "ours") != (from != nil) {
			t.Error(string(text))
		}
	}
}

func TestAConfigShowsWhatOpenWouldTake(t *testing.T) {
	t.Setenv("BHASHATTS_NAMESPACE", "ours")
	config := bhashatts.Config{"max_attempts": "7", "huggingface_api_token": "hf_secret"}
	text, err := config.JSON(bhashatts.FromEnvironment())
	must(err)
	for part, there := range map[string]bool{`"max_attempts":7`: true, `"***"`: true, "ours": true,
		"hf_secret": false} {
		if strings.Contains(string(text), part) != there {
			t.Errorf("%s: %s", part, text)
		}
	}
	if _, err := (bhashatts.Config{"data_dri": "x"}).JSON(); !errors.Is(err,
		bhashatts.ErrConfigInvalid) {
		t.Error(err)
	}
}

func TestLogLinesGoToTheSink(t *testing.T) {
	leakFree(t)
	var mu sync.Mutex
	var lines []string
	must(bhashatts.SetLog(bhashatts.LogDebug, func(level bhashatts.LogLevel, component, message string) {
		mu.Lock()
		defer mu.Unlock()
		lines = append(lines, level.String()+" "+component+": "+message)
		panic("dropped")
	}))
	voice := &tone{before: func(context.Context, bhashatts.SynthesisRequest) error { panic("no") }}
	_, err := opened(t, bhashatts.WithSynthesizer(voice)).Synthesize(background, hindi(sentence))
	must(bhashatts.SetLog(bhashatts.LogError, func(bhashatts.LogLevel, string, string) {}))
	mu.Lock()
	defer mu.Unlock()
	if err == nil || len(lines) == 0 {
		t.Error(err, lines)
	}
	if bhashatts.SetLog(3, nil) == nil {
		t.Error("3 is no level")
	}
}

func TestVoicesAndSpokenTextNeedNoEngine(t *testing.T) {
	voices, err := bhashatts.Voices("guide")
	if err != nil || voices.VoiceProfile != "guide" || len(voices.Languages) < 6 ||
		voices.Languages[0].Descriptions["storyteller"] == "" || len(voices.VoiceStyles) < 3 {
		t.Errorf("%+v %v", voices, err)
	}
	if _, err := bhashatts.Voices("none"); !errors.Is(err, bhashatts.ErrConfigInvalid) {
		t.Error(err)
	}
	if text, err := bhashatts.SpokenText(" क  ख \t"); err != nil || text != "क ख" {
		t.Errorf("%q %v", text, err)
	}
	if bhashatts.Version() == "" {
		t.Error("no version")
	}
}
