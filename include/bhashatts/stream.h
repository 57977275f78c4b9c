// A page before all of it is there: its utterances one by one, in order, each as soon as it is
// made.
//
// Thread rule: a stream belongs to one thread at a time. It must not outlive its engine, nor a
// fork: in the child its members raise bad_request.
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <optional>

#include "bhashatts/export.h"
#include "bhashatts/speech.h"

namespace bhashatts {

struct StreamedUtterance {
  SharedBytes audio;  // a whole file of its own in the format that was asked for
  std::shared_ptr<const AudioMetadata> metadata;  // its key is the utterance's
  std::int64_t pause_after_ms = 0;                // before the next one is played
  std::size_t number = 0;                         // from 0
  std::size_t count = 0;                          // of the page
  bool synthesized = false;                       // made while this stream was waiting for it
};

struct UtteranceResult;  // async.h

// What is streamed is as the voice said it; loudness is evened in the joined speech only, for which
// all utterances must be known.
class BHASHATTS_API SpeechStream {
 public:
  class Source;
  explicit SpeechStream(std::unique_ptr<Source> source);
  SpeechStream(SpeechStream&&) noexcept;
  SpeechStream& operator=(SpeechStream&&) noexcept;
  // A listener who goes away stops nothing: the rest of the page is made and kept.
  ~SpeechStream();

  // Waits for the next utterance; nothing behind the last one. Raises as TtsEngine::synthesize
  // does; the request's timeout counts from the beginning of the stream.
  std::optional<StreamedUtterance> next();
  // As next(), but returns at once; see async.h for when and where `done` is called. One at a time:
  // until `done` is called, next() and next_async() raise bad_request. Destroying the stream calls
  // it with `cancelled` on the thread that does so, unless it is being called on another already.
  void next_async(std::function<void(UtteranceResult)> done);

 private:
  std::unique_ptr<Source> source_;
};

}  // namespace bhashatts
