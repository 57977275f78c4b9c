// Exports: a page, utterance by utterance.
#include <atomic>
#include <memory>
#include <utility>

#include "callback.h"
#include "engine_object.h"
#include "guard.h"
#include "values.h"

namespace bhashatts::c {

// Thread rule: one thread at a time, and not in a forked child; others are refused.
struct StreamObject {
  static constexpr Kind kKind = Kind::stream;

  struct Held {
    std::shared_ptr<EngineState> engine;
    SpeechStream stream;  // goes first
  };

  explicit StreamObject(std::unique_ptr<Held> begun) : held(std::move(begun)) {}
  StreamObject(const StreamObject&) = delete;
  StreamObject& operator=(const StreamObject&) = delete;
  ~StreamObject() {
    // It hangs on the parent's engine, whose locks may be held for ever: it is left as it is.
    if (inherited()) held.release();  // NOLINT(bugprone-unused-return-value)
  }

  bool inherited() const { return epoch != process_epoch(); }

  std::unique_ptr<Held> held;
  std::atomic<bool> busy{false};
  const std::uint64_t epoch = process_epoch();
};

namespace {

class Turn {
 public:
  explicit Turn(StreamObject& object) : object_(object) {
    if (object.inherited()) {
      throw Error(ErrorCode::bad_request, "a stream does not outlive a fork; begin it anew");
    }
    if (object.busy.exchange(true, std::memory_order_acquire)) {
      throw Error(ErrorCode::bad_request, "another thread is using this stream");
    }
  }
  ~Turn() { object_.busy.store(false, std::memory_order_release); }
  Turn(const Turn&) = delete;
  Turn& operator=(const Turn&) = delete;

 private:
  StreamObject& object_;
};

bhashatts_stream_place place_of(const StreamedUtterance& utterance) {
  bhashatts_stream_place place = BHASHATTS_STREAM_PLACE_INIT;
  place.number = utterance.number;
  place.count = utterance.count;
  place.pause_after_ms = utterance.pause_after_ms;
  return place;
}

// What was made was made for the page that is being joined behind the stream.
bhashatts_speech* speech_of(StreamedUtterance utterance) {
  return made<bhashatts_speech>(Speech(std::move(utterance.audio), std::move(utterance.metadata),
                                       utterance.synthesized ? Origin::joined : Origin::blob));
}

}  // namespace

BHASHATTS_EXPORT bhashatts_status bhashatts_engine_stream(bhashatts_engine* engine,
                                                          const bhashatts_request* request,
                                                          bhashatts_stream** stream) {
  return guarded([&] {
    begin_output(stream, "stream");
    const std::shared_ptr<EngineState> state = pinned(engine)->state;
    *stream = made<bhashatts_stream>(std::make_unique<StreamObject::Held>(
        StreamObject::Held{state, state->engine.stream(request_of(request))}));
  });
}

BHASHATTS_EXPORT bhashatts_status bhashatts_stream_next(bhashatts_stream* stream,
                                                        bhashatts_speech** speech,
                                                        bhashatts_stream_place* place) {
  return guarded([&] {
    begin_output(speech, "speech");
    if (place != nullptr) checked_size(place);
    const auto object = pinned(stream);
    const Turn turn(*object);
    auto utterance = object->held->stream.next();
    if (!utterance) throw Error(ErrorCode::not_found, "the stream is at its end");
    const bhashatts_stream_place at = place_of(*utterance);
    *speech = speech_of(*std::move(utterance));
    if (place != nullptr) write(at, place);
  });
}

BHASHATTS_EXPORT bhashatts_status bhashatts_stream_destroy(bhashatts_stream* stream) {
  return guarded([&] { destroyed(stream); });
}

BHASHATTS_EXPORT bhashatts_status bhashatts_engine_stream_to(bhashatts_engine* engine,
                                                             const bhashatts_request* request,
                                                             bhashatts_on_utterance callback,
                                                             void* context) {
  return guarded([&] {
    if (callback == nullptr) refuse_null("callback");
    const auto pin = pinned(engine);
    SpeechStream stream = engine_in(pin).stream(request_of(request));
    while (auto utterance = stream.next()) {
      const bhashatts_stream_place place = place_of(*utterance);
      bhashatts_speech* speech = speech_of(*std::move(utterance));
      const InCallback in_callback;
      if (callback(context, speech, &place) != 0) {
        throw Error(ErrorCode::cancelled, "the callback left the stream");
      }
    }
  });
}

}  // namespace bhashatts::c
