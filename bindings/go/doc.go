// Package bhashatts turns text in Indian languages into speech and never pays twice for the same
// sentence: what was made once is kept for ever, and served at memory speed.
//
//	engine, err := bhashatts.Open(bhashatts.Config{"data_dir": dir})
//	...
//	defer engine.Close(context.Background())
//	speech, err := engine.Synthesize(ctx, bhashatts.Request{Text: "नमस्ते बच्चों"})
//	...
//	defer speech.Close()
//	http.ServeContent(w, r, "page.wav", speech.Info().CreatedAt, speech.Reader())
//
// It is the C++ engine of the same name behind cgo: the C library and its pkg-config file bhashatts-c
// must be installed. It needs no other Go module.
//
// # Goroutines
//
// All functions and methods may be called from any goroutine at any time, also of the same Engine or
// Speech; what is different says so. A call that waits for the engine occupies a thread meanwhile.
//
// # Contexts
//
// A context's deadline and cancellation end the caller's wait, never work that is paid for: it goes
// on, and the next call is a hit. The error then is found by errors.Is with the context's own, and
// with ErrDeadlineExceeded or ErrCancelled. Calls that have no context do not wait for synthesizers.
//
// # Errors
//
// What fails here fails with an *Error, which has a Code, the same number in every language. Codes are
// errors: errors.Is(err, bhashatts.ErrNotFound). Three things are no *Error, as they come from
// elsewhere: io.EOF (and io.ErrShortWrite) of readers; what a Writer said that audio is written to; and
// what the Reader of a Prewarm's stories said, wrapped. CodeOf calls them ErrInternal.
//
// # Memory
//
// A Speech's audio stays in the library's memory, often as a view of a file, until Speech.Close or a
// finalizer. Speech.Audio shows it without a copy and says how long that is valid. Everything else
// that is returned is Go's own.
//
// # Units
//
// Durations are time.Duration with a precision of milliseconds, sizes are bytes, sample rates Hz, and
// money is in millionths of a US dollar: fields that end in MicroUSD.
//
// # Plug-ins
//
// A Synthesizer, a CacheTier, a BlobStore and an EventSink may be written in Go and given to Open. The
// engine calls them from many goroutines at once.
//
// What they return as an error becomes the engine's: an *Error or a Code as it is, with the words of
// what wraps it, where it is of the right family: 4xx and 5xx for a Synthesizer; 6xx and ErrNotFound
// for the others. Of the standard library's, context.DeadlineExceeded is ErrUpstreamTimeout, of the
// others ErrStorageFailed; context.Canceled is ErrCancelled where the engine has cancelled the context
// that Synthesize was given; and fs.ErrNotExist is ErrNotFound, but of a Synthesizer. Any other is
// ErrPluginFailed, with its message. A panic, panic(nil) too, is caught and is ErrPluginFailed.
//
// The engine tries an utterance again (settings max_attempts and retry_timeouts) where Synthesize
// returns an *Error that is Retryable, or context.DeadlineExceeded. A bare Code is not tried again, nor
// is anything else.
//
// But runtime.Goexit, and so testing.T.FailNow, cannot be caught: it ends the process. A plug-in must not
// close its engine; one that refers to its engine keeps it from the garbage collector.
package bhashatts
