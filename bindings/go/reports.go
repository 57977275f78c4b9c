package bhashatts

// What the library tells as JSON. A field has its member's name without "_"; units are converted on the
// way: json.go.

import "time"

// Money in all reports is in millionths of a US dollar.

// A PrewarmReport says what became of the pages.
type PrewarmReport struct {
	StoriesTotal, PagesTotal int64
	PagesCached              int64
	// PagesGenerated: in a dry run, those that would be made.
	PagesGenerated int64
	// PagesRejected are bad input.
	PagesRejected, PagesFailed int64
	// PagesNotAttempted: the run ended before them.
	PagesNotAttempted int64
	TotalCostMicroUSD int64
	Elapsed           time.Duration
	Problems          []PageProblem
}

// A PageProblem is a page that was not made.
type PageProblem struct {
	StoryID    string
	PageNumber int
	// Outcome is "rejected" or "failed".
	Outcome string
	// Code is the name of a Code.
	Code, Message string
}

// An ImportReport says what became of the rows.
type ImportReport struct {
	RowsTotal int64
	// RowsAdopted: in a dry run, those that would be.
	RowsAdopted, RowsAlreadyThere int64
	// RowsRejected are bad input, RowsMissing have no audio, RowsRefused did not pass the gate or were
	// rejected here before; the store failed for RowsFailed.
	RowsRejected, RowsMissing, RowsRefused, RowsFailed int64
	// RowsWhole are adopted pages of several sentences in one piece.
	RowsWhole int64
	// RowsOtherDescription were spoken to another voice description.
	RowsOtherDescription int64
	// Adopted is how long the adopted audio is, AdoptedCostMicroUSD what it cost when it was made.
	Adopted             time.Duration
	AdoptedCostMicroUSD int64
	Synthesizer         string
	DryRun              bool
	// Stopped: before the last row.
	Stopped bool
	Elapsed time.Duration
	// Problems are at most 10,000; all are counted.
	Problems []RowProblem
}

// A RowProblem is a row that was not adopted.
type RowProblem struct {
	// Row counts from 1.
	Row      int64
	CacheKey string
	// Outcome is "rejected", "missing", "refused" or "failed".
	Outcome string
	// Code is the name of a Code.
	Code, Message string
}

// A Status says how the engine stands.
type Status struct {
	// Status is "healthy", "degraded" or "unhealthy".
	Status string
	// Model is the first synthesizer, Fallbacks the others.
	Model     Voice
	Fallbacks []Voice
	Cache     struct {
		DataDir                      string
		ReadOnly                     bool
		TotalEntries, TotalSizeBytes int64
		TotalCostMicroUSD            int64
		EstimatedSavingsMicroUSD     int64
	}
	// Spool is what the bucket does not have yet.
	Spool struct {
		Entries, Bytes int64
	}
	Budget struct {
		// LimitMonthMicroUSD is 0 where there is no limit.
		LimitMonthMicroUSD int64
		SpentMonthMicroUSD int64
		// SavedMicroUSD is what hits would have cost, ever.
		SavedMicroUSD int64
		// Credits is "exhausted" or "not known to be exhausted".
		Credits string
	}
	// Warnings say what is degraded and what to do.
	Warnings []string
}

// A Voice is how a synthesizer stands.
type Voice struct {
	// Status is the name of a SynthesizerState.
	Status string
	// Model is for people, Identity is part of every key.
	Model, Identity string
	// Message says what to do; empty when ready.
	Message string
	// ReadyIn is the upstream's estimate while it is loading; 0: it gave none.
	ReadyIn time.Duration
	// VoiceProfile is set for the first synthesizer.
	VoiceProfile string
}

// Stats counts since the data directory was made, over all processes.
type Stats struct {
	// TotalEntries and TotalSizeBytes are of the speeches that are kept.
	TotalEntries, TotalSizeBytes int64
	// TotalCostMicroUSD was paid, failed attempts included.
	TotalCostMicroUSD int64
	// TotalAccesses are hits.
	TotalAccesses int64
	// AvgGenerationTime is that of an utterance.
	AvgGenerationTime        time.Duration
	EstimatedSavingsMicroUSD int64
	UtterancesSynthesized    int64
	// Requests counts by the name of an Origin.
	Requests     map[string]int64
	PaidAttempts int64
}

// A VerifyReport says what Verify found.
type VerifyReport struct {
	ObjectsChecked int64
	Problems       []VerifyProblem
}

// A VerifyProblem is damage.
type VerifyProblem struct {
	// Object is a blob's name or a cache key.
	Object string
	// What is wrong.
	What     string
	Repaired bool
}

// A ForgetReport counts what was erased.
type ForgetReport struct {
	Speeches, Utterances, UsageEvents int64
}

// ClearOptions say what is removed; the zero value: everything from all tiers, and nothing that
// would have to be paid for again.
type ClearOptions struct {
	// All: the permanent store and the records too.
	All bool
	// DryRun counts only.
	DryRun bool
	// Language: only speech in it.
	Language string
}

// A ClearReport counts what was removed, or would be.
type ClearReport struct {
	CacheEntries, Blobs, Records int64
}

// VoiceList is the languages and voice styles that requests may name.
type VoiceList struct {
	VoiceProfile string
	Languages    []Language
	VoiceStyles  []VoiceStyle
}

// A Language is one that can be spoken.
type Language struct {
	// Name is what Request.Language takes, Label is for people, Tag is BCP 47.
	Name, Label, Tag, Script string
	// Official: the model's authors support it officially.
	Official              bool
	Speakers, Recommended []string
	// Descriptions are what steers the voice, by the name of a voice style.
	Descriptions map[string]string
}

// A VoiceStyle is a way to speak: Name is what Request.VoiceStyle takes, Label is for people.
type VoiceStyle struct {
	Name, Label string
}
