package bhashatts

// #include "bridge.h"
import "C"

// A LogLevel says how bad it is.
type LogLevel int32

// The levels.
const (
	LogDebug   LogLevel = 10
	LogInfo    LogLevel = 20
	LogWarning LogLevel = 30
	LogError   LogLevel = 40
)

// String gives "debug", "info", "warning" or "error"; "" for a number that means nothing.
func (l LogLevel) String() string {
	return map[LogLevel]string{
		LogDebug: "debug", LogInfo: "info", LogWarning: "warning", LogError: "error"}[l]
}

// A LogSink takes one line. It is called from any goroutine, several at once, and must not call this
// package. A panic in it is dropped, with the line.
type LogSink func(level LogLevel, component, message string)

// SetLog says where the log lines of the whole process go, from level least on; sink nil: warnings
// and errors to standard error, as at the start. It fails with ErrBadRequest for an unknown level.
func SetLog(least LogLevel, sink LogSink) error {
	if sink == nil {
		return errorOf(C.bgo_log_to(0, C.int32_t(least)))
	}
	return errorOf(C.bgo_log_to(newContext(sink), C.int32_t(least)))
}
