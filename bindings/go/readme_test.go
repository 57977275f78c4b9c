package bhashatts_test

import (
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"

	bhashatts "bhashatts.dev/go"
)

// As the READMEs show it, from here to the empty line.
func page(engine *bhashatts.Engine) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		speech, err := engine.Synthesize(r.Context(), bhashatts.Request{Text: r.FormValue("text")})
		if err != nil {
			http.Error(w, err.Error(), http.StatusServiceUnavailable)
			return
		}
		defer speech.Close()
		http.ServeContent(w, r, "page.wav", speech.Info().CreatedAt, speech.Reader())
	}
}

func TestTheHandlerOfTheReadmesServesRanges(t *testing.T) {
	engine := opened(t, bhashatts.WithSynthesizer(&tone{}))
	request := httptest.NewRequest(http.MethodGet, "/page?text=%E0%A4%B0%E0%A4%BE%E0%A4%AE", nil)
	request.Header.Set("Range", "bytes=0-3")
	answer := httptest.NewRecorder()
	page(engine)(answer, request)
	if answer.Code != http.StatusPartialContent || answer.Body.String() != "RIFF" {
		t.Errorf("%d %q", answer.Code, answer.Body)
	}
}

func TestTheReadmesShowThatHandler(t *testing.T) {
	source, err := os.ReadFile("readme_test.go")
	must(err)
	_, shown, _ := strings.Cut(string(source), "empty line.\n")
	shown, _, _ = strings.Cut(shown, "\n\n")
	for _, name := range []string{"README.md", "../../README.md"} {
		text, err := os.ReadFile(besides(t, name))
		must(err)
		if !strings.Contains(string(text), "\n"+shown+"\n") {
			t.Errorf("%s shows something else", name)
		}
	}
}
