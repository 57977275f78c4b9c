package bhashatts

import "time"

// An EventSink is told what the catalog records, so that a host can mirror it.
type EventSink interface {
	// Name is that of its cursor in the catalog, 1 to 64 bytes: a sink that comes back under its name
	// goes on where it was. Asked once, by Open.
	Name() string
	// Deliver returns nil when the events are safe at the host; else they are delivered again. Events
	// come at least once, with ascending IDs, by one goroutine of one process of the host at a time.
	Deliver(events []Event) error
}

// An Event has either Usage or Speech.
type Event struct {
	ID uint64
	At time.Time
	// Kind is "usage", "speech_stored" or "speech_removed".
	Kind   string
	Usage  *Usage
	Speech *SpeechRecord
}

// Usage is one line of the usage log: one request, or several alike within a second.
type Usage struct {
	CacheKey string
	Requests int64
	// TextLength is in code points of the spoken text.
	TextLength           int
	Language, VoiceStyle string
	// Status is "success", "cached" or "error".
	Status    string
	WasCached bool
	// Origin is the name of an Origin; empty on error.
	Origin string
	// ResponseTime is the mean over Requests.
	ResponseTime time.Duration
	// EstimatedCostMicroUSD is what the call paid; 0 for hits.
	EstimatedCostMicroUSD int64
	ErrorMessage          string
	UserID                string
}

// A SpeechRecord is one speech and the page that it was made for.
type SpeechRecord struct {
	CacheKey string
	// Text is as it is spoken, TextHash 32 hex digits.
	Text, TextHash         string
	Language, VoiceStyle   string
	Synthesizer            string
	Format                 string
	SampleRate             int
	Duration               time.Duration
	SizeBytes              int64
	Utterances, Take       int
	GenerationTime         time.Duration
	GenerationCostMicroUSD int64
	CreatedAt              time.Time
	// BlobName is its object in the store; empty: only in tiers.
	BlobName       string
	AccessCount    int64
	LastAccessedAt time.Time
	// StoryID is empty where there is no page; pages count from 1.
	StoryID    string
	PageNumber int
}
