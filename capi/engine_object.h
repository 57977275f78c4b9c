// An engine behind its handle.
//
// Two hold it: the handle, with the calls that are using it; and streams, so that one that outlives
// its engine finds a closed engine and no hole. Destroying waits for the calls.
//
// Thread rule: any thread.
#pragma once

#include <memory>
#include <semaphore>
#include <utility>

#include "base/per_process.h"
#include "bhashatts/engine.h"
#include "callback.h"
#include "objects.h"

namespace bhashatts::c {

struct EngineState {
  explicit EngineState(TtsEngine opened) : engine(std::move(opened)) {}

  TtsEngine engine;
  // Released when neither the handle nor a call uses the engine any more. On its own, because who
  // releases it must have let go of the engine before: else that thread might be the last to hold
  // it, and destroy its voice after bhashatts_engine_destroy has returned.
  const std::shared_ptr<std::binary_semaphore> unused = std::make_shared<std::binary_semaphore>(0);
  // Calls of a parent's threads never end in its forked child.
  const std::uint64_t epoch = process_epoch();
};

struct EngineObject {
  static constexpr Kind kKind = Kind::engine;

  explicit EngineObject(std::shared_ptr<EngineState> opened) : state(std::move(opened)) {}
  EngineObject(const EngineObject&) = delete;
  EngineObject& operator=(const EngineObject&) = delete;
  ~EngineObject() {
    const std::shared_ptr<std::binary_semaphore> unused = state->unused;
    state.reset();
    unused->release();
  }

  std::shared_ptr<EngineState> state;
};

// The engine of a handle, for as long as the pin is held. Raises bad_request.
inline TtsEngine& engine_in(const Table<EngineObject>::Pin& pin) {
  InRelease::refuse_here();
  return pin->state->engine;
}

}  // namespace bhashatts::c
