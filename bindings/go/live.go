package bhashatts

import "sync/atomic"

// What of the library's is held by Go at the moment. For tests: what is not given back is a leak.
var live struct {
	engines, speeches, streams, cancels, contexts atomic.Int64
}
