// Speech without a thread that waits for it: what an event loop asks for.
//
//   engine.synthesize_async({.text = text}, [](bhashatts::SpeechResult result) {
//     if (result.error) ... else play(*result.speech);
//   });
//
// Thread rule: `done` is called exactly once: on the caller's thread before the call returns, where
// the answer is there at once (a hit in memory or on disk, bad input), else on a thread of the
// engine's, several at once for several requests; never on a thread that requests a stop. It must
// be short and must not raise (that would be logged and lost). It may ask the engine again, but not
// wait for what is made, nor close the engine, nor be the last to own it: it is destroyed where it
// was called. close() and the destructor call all that are still open, with `closed` or what became
// of them, before they return: call those with no lock held that a `done` takes. A child forked
// meanwhile calls none of them.
#pragma once

#include <functional>
#include <optional>

#include "bhashatts/error.h"
#include "bhashatts/speech.h"
#include "bhashatts/stream.h"

namespace bhashatts {

// One of the two is there.
struct SpeechResult {
  std::optional<Speech> speech;
  std::optional<Error> error;  // of the codes that TtsEngine::synthesize raises
};
using OnSpeech = std::function<void(SpeechResult)>;

// None is there behind the last utterance.
struct UtteranceResult {
  std::optional<StreamedUtterance> utterance;
  std::optional<Error> error;
};
using OnUtterance = std::function<void(UtteranceResult)>;

}  // namespace bhashatts
