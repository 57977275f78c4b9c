package bhashatts_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"testing/iotest"
	"time"

	bhashatts "bhashatts.dev/go"
)

func TestAllWaysToTheAudioGiveTheSame(t *testing.T) {
	engine := opened(t, bhashatts.WithSynthesizer(&tone{}))
	speech := says(t, engine, hindi(sentence))
	audio := speech.Bytes()
	var written bytes.Buffer
	if n, err := speech.WriteTo(&written); err != nil || n != int64(speech.Len()) {
		t.Error(n, err)
	}
	if !bytes.Equal(audio, speech.Audio()) || !bytes.Equal(audio, written.Bytes()) {
		t.Error("they differ")
	}
	if err := iotest.TestReader(speech.Reader(), audio); err != nil {
		t.Error(err)
	}
}

func TestASpeechThatWasClosedHasNothing(t *testing.T) {
	engine := opened(t, bhashatts.WithSynthesizer(&tone{}))
	speech := says(t, engine, hindi(sentence))
	reader := speech.Reader()
	_ = speech.Close()
	_ = speech.Close()
	if speech.Audio() != nil || speech.Bytes() != nil || speech.Info() != (bhashatts.SpeechInfo{}) {
		t.Error("something is left")
	}
	if _, err := reader.Read(make([]byte, 1)); !errors.Is(err, bhashatts.ErrClosed) {
		t.Error(err)
	}
	if _, err := engine.URL(speech); !errors.Is(err, bhashatts.ErrClosed) {
		t.Error(err)
	}
}

func TestAWebServerSaysThatAClosedSpeechIsNoAnswer(t *testing.T) {
	engine := opened(t, bhashatts.WithSynthesizer(&tone{}))
	speech := says(t, engine, hindi(sentence))
	reader := speech.Reader()
	_ = speech.Close()
	for _, whence := range []int{io.SeekStart, io.SeekCurrent, io.SeekEnd} {
		if _, err := reader.Seek(0, whence); !errors.Is(err, bhashatts.ErrClosed) {
			t.Errorf("from %d: %v", whence, err)
		}
	}
	answer := httptest.NewRecorder()
	http.ServeContent(answer, httptest.NewRequest(http.MethodGet, "/", nil), "page.wav", time.Time{},
		reader)
	if answer.Code != http.StatusInternalServerError {
		t.Errorf("%d %q", answer.Code, answer.Body)
	}
}

// A closer is a writer during whose writing another goroutine closes the speech.
type closer struct {
	speech  *bhashatts.Speech
	written []byte
}

func (c *closer) Write(part []byte) (int, error) {
	closed := make(chan struct{})
	go func() {
		_ = c.speech.Close()
		close(closed)
	}()
	<-closed // Close waits for nobody
	if c.speech.Len() != 0 || c.speech.Audio() != nil {
		return 0, errors.New("it does not look closed")
	}
	c.written = append(c.written, part...)
	return len(part), nil
}

func TestASpeechThatIsClosedWhileItIsWrittenGoesWhenThatHasEnded(t *testing.T) {
	leakFree(t)
	engine := opened(t, bhashatts.WithSynthesizer(&tone{}))
	speech := says(t, engine, hindi(sentence))
	audio, before := speech.Bytes(), bhashatts.Live()["speeches"]
	to, ended := &closer{speech: speech}, make(chan error, 1)
	go func() {
		_, err := speech.WriteTo(to)
		ended <- err
	}()
	select {
	case err := <-ended:
		if err != nil || !bytes.Equal(audio, to.written) {
			t.Errorf("%v, %d of %d bytes", err, len(to.written), len(audio))
		}
	case <-time.After(10 * time.Second):
		t.Fatal("they wait for each other")
	}
	if now := bhashatts.Live()["speeches"]; now != before-1 {
		t.Errorf("%d speeches, before %d", now, before)
	}
}

type halfWriter struct{}

func (halfWriter) Write(part []byte) (int, error) { return len(part) / 2, nil }

type bitter struct{}

func (bitter) Write([]byte) (int, error) { panic("no") }

func TestAWriterThatWritesLessOrPanicsIsToldAndLeaksNothing(t *testing.T) {
	leakFree(t)
	engine := opened(t, bhashatts.WithSynthesizer(&tone{}))
	speech := says(t, engine, hindi(sentence))
	n, err := io.Copy(halfWriter{}, speech.Reader())
	if n != int64(speech.Len()/2) || err != io.ErrShortWrite {
		t.Error(n, err)
	}
	defer func() {
		if recover() != "no" {
			t.Error("the panic did not go on")
		}
	}()
	_, _ = speech.WriteTo(bitter{})
}

func TestAReaderKeepsItsSpeechFromTheGarbage(t *testing.T) {
	leakFree(t)
	engine := opened(t, bhashatts.WithSynthesizer(&tone{}))
	reader := func() io.Reader {
		speech, err := engine.Synthesize(background, hindi(sentence))
		must(err)
		return speech.Reader()
	}()
	eventually(t, func() string { return "" })
	if audio, err := io.ReadAll(reader); err != nil || string(audio[:4]) != "RIFF" {
		t.Error(err)
	}
}

func TestClosingBesideReadersIsSafe(t *testing.T) {
	engine := opened(t, bhashatts.WithSynthesizer(&tone{}))
	speech := says(t, engine, hindi(sentence))
	var all sync.WaitGroup
	for i := 0; i < 4; i++ {
		all.Add(1)
		go func() {
			defer all.Done()
			for err := error(nil); err == nil; {
				_, err = io.Copy(io.Discard, iotest.OneByteReader(speech.Reader()))
			}
		}()
	}
	_ = speech.Close()
	all.Wait()
}

func TestEveryFormatIsMadeFromTheSameMaster(t *testing.T) {
	voice := &tone{}
	engine := opened(t, bhashatts.WithSynthesizer(voice))
	magic := map[bhashatts.Format]string{0: "RIFF", bhashatts.WAV: "RIFF", bhashatts.FLAC: "fLaC",
		bhashatts.Opus: "OggS", bhashatts.MP3: "\xff"}
	for format, begins := range magic {
		speech := says(t, engine, bhashatts.Request{Text: sentence, Format: format})
		if !bytes.HasPrefix(speech.Audio(), []byte(begins)) {
			t.Errorf("%v begins with %q", format, speech.Audio()[:4])
		}
		if info := speech.Info(); info.Format.String() != format.String() {
			t.Errorf("%v for %v", info.Format, format)
		}
	}
	if calls, _ := voice.total(); calls != 1 {
		t.Errorf("%d calls", calls)
	}
}

func TestInfoSaysWhatIsKnown(t *testing.T) {
	engine := opened(t, bhashatts.WithSynthesizer(&tone{}))
	info := says(t, engine, hindi(twoSentences)).Info()
	if len(info.CacheKey) != 32 || info.Utterances != 2 || info.Language != "HINDI" ||
		info.VoiceStyle != "storyteller" || info.SampleRate == 0 {
		t.Errorf("%+v", info)
	}
	if info.Duration < time.Second || time.Since(info.CreatedAt) > time.Hour || info.Take != 0 {
		t.Errorf("%+v", info)
	}
}
