//go:build !go1.21

package bhashatts

import "context"

// afterDone calls f on a goroutine of its own once ctx is done; what it returns keeps it from doing
// so, and says whether that was in time.
func afterDone(ctx context.Context, f func()) (stop func() bool) {
	stopped, ended := make(chan struct{}), make(chan bool, 1)
	go func() {
		select {
		case <-ctx.Done():
			f()
			ended <- false
		case <-stopped:
			ended <- true
		}
	}()
	return func() bool {
		close(stopped)
		return <-ended
	}
}
