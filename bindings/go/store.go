package bhashatts

import "time"

// BlobLabels go with an object.
type BlobLabels struct {
	MediaType string
	// Identity is a hash of all that decides how it sounds; may be empty.
	Identity string
	// Duration is 0 where it is not audio.
	Duration time.Duration
}

// A BlobStore is the permanent store: it never forgets by itself. Names look like
// "audio/tts/<key>.flac".
//
// Its methods are called from many goroutines at once. Data and strings that are passed to it are
// copies, and its to keep. One that can give an object as a file of this machine implements
// LocalPather too.
type BlobStore interface {
	// Get returns the object, which is copied; ErrNotFound where there is none.
	Get(name string) ([]byte, error)
	// PutIfAbsent stores an object. The first writer wins: where there is one it stays as it is, and
	// stored is false. What is stored when this returns survives a loss of power.
	PutIfAbsent(name string, data []byte, labels BlobLabels) (stored bool, err error)
	// Info returns the object's size in bytes; ErrNotFound where there is none.
	Info(name string) (size int64, err error)
	// Remove removes an object; that there is none is no error.
	Remove(name string) error
	// List calls visit for each object whose name begins with prefix, in any order, until visit returns
	// false. visit must not be called once List has returned.
	List(prefix string, visit func(name string, size int64) bool) error
	// URL says where a client fetches the object.
	URL(name string) (string, error)
}

// A LocalPather is a BlobStore whose objects are files of this machine.
type LocalPather interface {
	// LocalPath returns the object's path; ErrNotFound where it is no file.
	LocalPath(name string) (string, error)
}
