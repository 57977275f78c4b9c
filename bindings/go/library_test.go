package bhashatts_test

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/iotest"

	bhashatts "bhashatts.dev/go"
)

// story is a stories file of the first n pages in Hindi, each with a sentence of its own.
func story(t testing.TB, n int) *strings.Reader {
	t.Helper()
	var texts []string
	for _, page := range pages(t) {
		if page.Language == "HINDI" && len(texts) < n {
			texts = append(texts, fmt.Sprintf("%s यह पन्ना %d है।", page.Text, len(texts)+1))
		}
	}
	line, err := json.Marshal(map[string]any{
		"story_id": "s1", "title": "t", "language": "HINDI", "pages": texts})
	must(err)
	return strings.NewReader(string(line) + "\n")
}

func TestPrewarmMakesAStoryAndSaysHowFarItIs(t *testing.T) {
	leakFree(t)
	engine := opened(t, bhashatts.WithSynthesizer(&tone{concurrency: 4}))
	var last bhashatts.Progress
	calls := 0
	report, err := engine.Prewarm(background, story(t, 6), bhashatts.PrewarmOptions{
		Progress: func(at bhashatts.Progress) { last, calls = at, calls+1 }})
	if err != nil || report.PagesGenerated != 6 || report.TotalCostMicroUSD < 7 ||
		report.Elapsed <= 0 {
		t.Errorf("%+v %v", report, err)
	}
	if last.Total != 6 || last.Done != 6 || last.Made != 6 || calls != 6 {
		t.Errorf("%+v, %d calls", last, calls)
	}
	report, err = engine.Prewarm(background, story(t, 6), bhashatts.PrewarmOptions{})
	if err != nil || report.PagesCached != 6 {
		t.Errorf("%+v %v", report, err)
	}
	if url, err := engine.StoryPageURL("s1", 6, ""); err != nil || url == "" {
		t.Error(err)
	}
}

func TestPrewarmThatIsCancelledReportsAndCanGoOn(t *testing.T) {
	leakFree(t)
	engine := opened(t, bhashatts.WithSynthesizer(&tone{}))
	ctx, cancel := context.WithCancel(background)
	options := bhashatts.PrewarmOptions{Concurrency: 1,
		Progress: func(bhashatts.Progress) { cancel() }}
	report, err := engine.Prewarm(ctx, story(t, 9), options)
	if !errors.Is(err, context.Canceled) || report.PagesTotal != 9 ||
		report.PagesNotAttempted == 0 {
		t.Errorf("%+v %v", report, err)
	}
	options.Progress = nil
	again, err := engine.Prewarm(background, story(t, 9), options)
	if err != nil || again.PagesCached != report.PagesGenerated {
		t.Errorf("%+v %v", again, err)
	}
}

func TestAPanicInProgressEndsTheRun(t *testing.T) {
	leakFree(t)
	engine := opened(t, bhashatts.WithSynthesizer(&tone{}))
	_, err := engine.Prewarm(background, story(t, 3), bhashatts.PrewarmOptions{
		Progress: func(bhashatts.Progress) { panic("no") }})
	if !errors.Is(err, bhashatts.ErrPluginFailed) {
		t.Error(err)
	}
}

func TestPrewarmNamesTheLineThatIsNoStory(t *testing.T) {
	engine := opened(t, bhashatts.WithSynthesizer(&tone{}))
	_, err := engine.Prewarm(background, strings.NewReader("{}\n"), bhashatts.PrewarmOptions{})
	if !errors.Is(err, bhashatts.ErrStoriesInvalid) {
		t.Error(err)
	}
	broken := iotest.ErrReader(errors.New("the disk is gone"))
	if _, err = engine.Prewarm(background, broken, bhashatts.PrewarmOptions{}); err == nil ||
		!strings.Contains(err.Error(), "the disk is gone") {
		t.Error(err)
	}
}

func TestImportReportsEachRow(t *testing.T) {
	engine := opened(t, bhashatts.WithSynthesizer(&tone{}))
	path := filepath.Join(t.TempDir(), "export.jsonl")
	row := `{"text_content": "राजा", "language": "HINDI", "voice_style": "storyteller"}` + "\n"
	must(os.WriteFile(path, []byte(row), 0o600))
	report, err := engine.Import(background, path, bhashatts.ImportOptions{Directory: t.TempDir()})
	if err != nil || report.RowsTotal != 1 || report.RowsMissing != 1 || len(report.Problems) != 1 ||
		report.Problems[0].Outcome != "missing" {
		t.Errorf("%+v %v", report, err)
	}
	_, err = engine.Import(background, path+".not", bhashatts.ImportOptions{})
	if !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

func TestStatsStatusAndConfigSayHowItStands(t *testing.T) {
	dir := t.TempDir()
	engine := openedIn(t, dir, bhashatts.WithSynthesizer(&tone{}))
	says(t, engine, hindi(sentence))
	says(t, engine, hindi(sentence))
	must(engine.Flush())
	stats, err := engine.Stats()
	if err != nil || stats.TotalEntries != 1 || stats.TotalCostMicroUSD != 7 ||
		stats.Requests["memory"] != 1 || stats.Requests["synthesized"] != 1 || stats.PaidAttempts != 1 {
		t.Errorf("%+v %v", stats, err)
	}
	status, err := engine.Status()
	if err != nil || status.Cache.DataDir != dir || status.Cache.TotalCostMicroUSD != 7 ||
		status.Model.Status != "ready" || status.Model.VoiceProfile == "" {
		t.Errorf("%+v %v", status, err)
	}
	var settings map[string]any
	text, err := engine.Config()
	must(err)
	must(json.Unmarshal(text, &settings))
	if settings["data_dir"] != dir {
		t.Error(settings["data_dir"])
	}
}

func TestARejectedTakeIsMadeAnew(t *testing.T) {
	voice := &tone{}
	engine := opened(t, bhashatts.WithSynthesizer(voice))
	if _, err := engine.Reject(hindi(sentence)); !errors.Is(err, bhashatts.ErrNotFound) {
		t.Error(err)
	}
	says(t, engine, hindi(sentence))
	report, err := engine.Reject(hindi(sentence))
	if err != nil || report.NextTake != 1 || len(report.Rejected) != 32 || report.SpeechesDropped != 1 {
		t.Errorf("%+v %v", report, err)
	}
	if take := says(t, engine, hindi(sentence)).Info().Take; take != 1 {
		t.Errorf("take %d", take)
	}
}

func TestWhatIsForgottenIsGone(t *testing.T) {
	engine := opened(t, bhashatts.WithSynthesizer(&tone{}))
	says(t, engine, bhashatts.Request{Text: sentence, UserID: "asha"})
	must(engine.Flush())
	if report, err := engine.ForgetUser("asha"); err != nil || report.UsageEvents != 1 {
		t.Errorf("%+v %v", report, err)
	}
	if report, err := engine.ForgetText(sentence); err != nil || report.Speeches != 1 {
		t.Errorf("%+v %v", report, err)
	}
	if _, err := engine.Lookup(background, hindi(sentence)); !errors.Is(err, bhashatts.ErrNotFound) {
		t.Error(err)
	}
}

func TestTimingsPointIntoTheTextAsItWasSent(t *testing.T) {
	engine := opened(t, bhashatts.WithSynthesizer(&tone{}))
	request := hindi("  " + twoSentences)
	speech := says(t, engine, request)
	timings, err := engine.Timings(request, speech)
	if err != nil || len(timings.Utterances) != 2 || len(timings.Words) != len(strings.Fields(twoSentences)) {
		t.Fatalf("%+v %v", timings, err)
	}
	second := timings.Utterances[1]
	if part := request.Text[second.BeginByte:second.EndByte]; strings.TrimSpace(part) != secondSentence {
		t.Errorf("%q", part)
	}
	if second.Start <= timings.Utterances[0].Start || second.End > speech.Duration() {
		t.Errorf("%+v", timings.Utterances)
	}
	vtt, err := engine.WebVTT(request, speech)
	if err != nil || !strings.HasPrefix(vtt, "WEBVTT") || !strings.Contains(vtt, " --> ") {
		t.Error(vtt, err)
	}
	var all struct{ Utterances, Words []map[string]any }
	plain, err := engine.TimingsJSON(request, speech)
	must(err)
	must(json.Unmarshal(plain, &all))
	if len(all.Utterances) != 2 || len(all.Words) != len(timings.Words) {
		t.Error(string(plain))
	}
	if _, err := engine.Timings(hindi("तोता"), speech); !errors.Is(err, bhashatts.ErrBadRequest) {
		t.Error(err)
	}
}
