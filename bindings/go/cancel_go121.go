//go:build go1.21

package bhashatts

import "context"

// afterDone calls f on a goroutine of its own once ctx is done; what it returns keeps it from doing
// so, and says whether that was in time.
func afterDone(ctx context.Context, f func()) (stop func() bool) {
	return context.AfterFunc(ctx, f)
}
