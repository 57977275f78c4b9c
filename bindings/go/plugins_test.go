package bhashatts_test

import (
	"errors"
	"strings"
	"sync"
	"testing"
	"time"

	bhashatts "bhashatts.dev/go"
)

// A shelf is a cache tier and a blob store in a map.
type shelf struct {
	mu      sync.Mutex
	objects map[string][]byte
	broken  bool
	gets    int
}

func (s *shelf) locked(use func() error) error {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.broken {
		return errors.New("the shelf is broken")
	}
	if s.objects == nil {
		s.objects = map[string][]byte{}
	}
	return use()
}

func (s *shelf) size() int {
	s.mu.Lock()
	defer s.mu.Unlock()
	return len(s.objects)
}

func (s *shelf) Name() string { return "shelf" }

func (s *shelf) Get(key string) (value []byte, err error) {
	err = s.locked(func() error {
		s.gets++
		var found bool
		if value, found = s.objects[key]; !found {
			return bhashatts.ErrNotFound
		}
		return nil
	})
	return value, err
}

func (s *shelf) Erase(key string) error {
	return s.locked(func() error {
		delete(s.objects, key)
		return nil
	})
}

type tierShelf struct{ shelf }

func (s *tierShelf) Put(key, language string, value []byte, ttl time.Duration) error {
	return s.locked(func() error {
		s.objects[key] = value
		return nil
	})
}

func (s *tierShelf) Clear(language string, countOnly bool) (count int64, err error) {
	err = s.locked(func() error {
		if count = int64(len(s.objects)); !countOnly {
			s.objects = map[string][]byte{}
		}
		return nil
	})
	return count, err
}

func TestATierInGoServesWhatItWasGiven(t *testing.T) {
	leakFree(t)
	tier := &tierShelf{}
	engine := opened(t, bhashatts.WithSynthesizer(&tone{}), bhashatts.WithTiers(tier))
	key := says(t, engine, hindi(sentence)).Info().CacheKey
	must(engine.Flush())
	if tier.size() != 1 || tier.objects[key] == nil {
		t.Fatalf("%d objects", tier.size())
	}
	other := &tone{}
	beside := opened(t, bhashatts.WithSynthesizer(other), bhashatts.WithTiers(tier))
	if origin := says(t, beside, hindi(sentence)).Origin(); origin != bhashatts.FromTier {
		t.Errorf("from %v", origin)
	}
	if calls, _ := other.total(); calls != 0 {
		t.Errorf("%d calls", calls)
	}
	report, err := beside.Clear(bhashatts.ClearOptions{})
	if err != nil || report.CacheEntries == 0 || tier.size() != 0 {
		t.Errorf("%+v %v", report, err)
	}
}

func TestATierThatFailsFailsNoRequest(t *testing.T) {
	leakFree(t)
	tier := &tierShelf{shelf{broken: true}}
	engine := opened(t, bhashatts.WithSynthesizer(&tone{}), bhashatts.WithTiers(tier))
	says(t, engine, hindi(sentence))
	says(t, engine, hindi(sentence))
}

type storeShelf struct{ shelf }

func (s *storeShelf) PutIfAbsent(name string, data []byte, labels bhashatts.BlobLabels) (
	stored bool, err error) {
	err = s.locked(func() error {
		if _, found := s.objects[name]; !found {
			stored, s.objects[name] = true, data
		}
		return nil
	})
	return stored, err
}

func (s *storeShelf) Info(name string) (size int64, err error) {
	data, err := s.Get(name)
	return int64(len(data)), err
}

func (s *storeShelf) Remove(name string) error { return s.Erase(name) }

func (s *storeShelf) List(prefix string, visit func(string, int64) bool) error {
	return s.locked(func() error {
		for name, data := range s.objects {
			if strings.HasPrefix(name, prefix) && !visit(name, int64(len(data))) {
				break
			}
		}
		return nil
	})
}

func (s *storeShelf) URL(name string) (string, error) { return "https://shelf.test/" + name, nil }

func TestABlobStoreInGoKeepsTheMasters(t *testing.T) {
	leakFree(t)
	store := &storeShelf{}
	engine := opened(t, bhashatts.WithSynthesizer(&tone{}), bhashatts.WithBlobStore(store))
	speech := says(t, engine, bhashatts.Request{Text: sentence, StoryID: "s", PageNumber: 1})
	must(engine.Flush())
	if store.size() == 0 {
		t.Fatal("the store is empty")
	}
	url, err := engine.URL(speech)
	if err != nil || !strings.HasPrefix(url, "https://shelf.test/audio/tts/") {
		t.Error(url, err)
	}
	page, err := engine.StoryPageURL("s", 1, "")
	if err != nil || page != url {
		t.Error(page, err)
	}
	report, err := engine.Verify(false)
	if err != nil || report.ObjectsChecked == 0 || len(report.Problems) != 0 {
		t.Errorf("%+v %v", report, err)
	}
	cleared, err := engine.Clear(bhashatts.ClearOptions{All: true})
	if err != nil || cleared.Blobs == 0 || store.size() != 0 {
		t.Errorf("%+v %v, %d left", cleared, err, store.size())
	}
}

func TestAStoreThatFailsFailsTheRequestWithItsMessage(t *testing.T) {
	leakFree(t)
	engine := opened(t, bhashatts.WithSynthesizer(&tone{}),
		bhashatts.WithBlobStore(&storeShelf{shelf{broken: true}}))
	_, err := engine.Synthesize(background, hindi(sentence))
	if err == nil || !strings.Contains(err.Error(), "the shelf is broken") {
		t.Error(err)
	}
}

// A diary is an event sink.
type diary struct {
	mu     sync.Mutex
	events []bhashatts.Event
	refuse int
}

func (*diary) Name() string { return "diary" }

func (d *diary) Deliver(events []bhashatts.Event) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	if d.refuse--; d.refuse >= 0 {
		return errors.New("not now")
	}
	d.events = append(d.events, events...)
	return nil
}

func (d *diary) find(kind string) *bhashatts.Event {
	d.mu.Lock()
	defer d.mu.Unlock()
	for i := range d.events {
		if d.events[i].Kind == kind {
			return &d.events[i]
		}
	}
	return nil
}

func TestAnEventSinkInGoHearsWhatWasStoredAndUsed(t *testing.T) {
	leakFree(t)
	sink := &diary{refuse: 1}
	engine := opened(t, bhashatts.WithSynthesizer(&tone{}), bhashatts.WithEventSinks(sink))
	speech := says(t, engine, bhashatts.Request{Text: sentence, UserID: "asha"})
	must(engine.Flush())
	eventually(t, func() string {
		if sink.find("usage") == nil || sink.find("speech_stored") == nil {
			return "no events came"
		}
		return ""
	})
	usage, stored := sink.find("usage"), sink.find("speech_stored")
	if usage == nil || usage.Usage.UserID != "asha" || usage.Usage.EstimatedCostMicroUSD != 7 ||
		usage.At.IsZero() {
		t.Errorf("%+v", usage)
	}
	if stored == nil || stored.Speech.CacheKey != speech.Info().CacheKey ||
		stored.Speech.Duration != speech.Duration() || stored.Speech.CreatedAt.IsZero() {
		t.Errorf("%+v", stored)
	}
}

func TestOpenRefusesWhatThereIsNoRoomFor(t *testing.T) {
	leakFree(t)
	_, err := bhashatts.Open(nil, bhashatts.WithBlobStore(&storeShelf{}),
		bhashatts.WithBlobStore(&storeShelf{}))
	if !errors.Is(err, bhashatts.ErrBadRequest) {
		t.Error(err)
	}
	many := make([]bhashatts.CacheTier, 17)
	for i := range many {
		many[i] = &tierShelf{}
	}
	if _, err = bhashatts.Open(nil, bhashatts.WithTiers(many...)); !errors.Is(err,
		bhashatts.ErrBadRequest) {
		t.Error(err)
	}
}
