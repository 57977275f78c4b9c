// Package chits asks the C library for hits in a loop of C, so that a benchmark can say what Go adds.
// It is not in a test because cgo is not allowed there.
package chits

/*
#cgo pkg-config: bhashatts-c
#include <bhashatts/c.h>

static bhashatts_status hits(uintptr_t engine, _GoString_ text, int64_t count) {
  bhashatts_request request = BHASHATTS_REQUEST_INIT;
  request.text.data = _GoStringPtr(text);
  request.text.size = _GoStringLen(text);
  for (int64_t i = 0; i < count; ++i) {
    bhashatts_speech* speech = 0;
    const uint8_t* audio = 0;
    size_t size = 0;
    bhashatts_status status =
        bhashatts_engine_synthesize((bhashatts_engine*)engine, &request, &speech);
    if (status == 0) status = bhashatts_speech_audio(speech, &audio, &size);
    bhashatts_speech_destroy(speech);
    if (status != 0) return status;
  }
  return 0;
}
*/
import "C"

// Hits asks for text count times and returns the status of the one that failed, or 0.
func Hits(engine uintptr, text string, count int) int {
	return int(C.hits(C.uintptr_t(engine), text, C.int64_t(count)))
}
