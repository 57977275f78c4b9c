package bhashatts

import "time"

// A CacheTier keeps values under keys for a while and may forget them. It is asked after memory and
// disk. A value is opaque and carries a checksum; what is damaged is never served. A method that
// fails is skipped for that call and counted; it never fails a request.
//
// Its methods are called from many goroutines at once. Values and strings that are passed to it are
// copies, and its to keep.
type CacheTier interface {
	// Name is what stats call it, 1 to 64 bytes. Asked once, by Open.
	Name() string
	// Get returns the value, which is copied; ErrNotFound where there is none. key: 32 hex digits.
	Get(key string) ([]byte, error)
	// Put keeps a value for ttl from now. language: for Clear.
	Put(key, language string, value []byte, ttl time.Duration) error
	// Erase removes one; that there is none is no error.
	Erase(key string) error
	// Clear removes the entries of a language (empty: all), or only counts them; it returns how many.
	Clear(language string, countOnly bool) (int64, error)
}
