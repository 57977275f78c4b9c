package bhashatts

// #include "bridge.h"
import "C"

// What callbacks.c calls, apart from the plug-ins' members.

//export bgoForget
func bgoForget(context C.uintptr_t) { freeContext(context) }

//export bgoProgress
func bgoProgress(context C.uintptr_t, at *C.bhashatts_progress) {
	valueOf(context).(*run).show(Progress{
		int64(at.total), int64(at.done), int64(at.cached), int64(at.made), int64(at.rejected),
		int64(at.failed), milliseconds(at.elapsed_ms)})
}

//export bgoLog
func bgoLog(context C.uintptr_t, level C.int32_t, component, message C.bhashatts_text) {
	defer func() { _ = recover() }()
	valueOf(context).(LogSink)(LogLevel(level), goString(component), goString(message))
}
