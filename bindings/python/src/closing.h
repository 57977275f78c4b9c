// Closing an engine, on a thread of its own: the drain may be long, and who waits for it may leave
// (Ctrl-C) or be left behind by the interpreter's end.
//
// Thread rule: with the interpreter's lock.
#pragma once

#include <pybind11/pybind11.h>

#include <chrono>
#include <future>
#include <memory>

#include "base/per_process.h"
#include "bhashatts/engine.h"

namespace bhashatts::python {

namespace py = pybind11;

class Closing {
 public:
  // The first decides how long the drain may be; it is one closing for all who ask.
  void begin(std::shared_ptr<TtsEngine> engine, std::chrono::milliseconds drain);
  // Until it is closed. Raises at once what a signal handler raises; the closing goes on then.
  void wait();

 private:
  // A forked child's own: that of its parent is never over there.
  PerProcess<std::shared_future<void>> over_{
      [] { return std::make_unique<std::shared_future<void>>(); }};
};

// Closes it, if it is not closed, and destroys it, on a thread of its own: the last who holds it
// would join the engine's threads, of which the caller may be one. Where there is no thread to be
// had it leaks.
void let_go(std::shared_ptr<TtsEngine> engine, std::chrono::milliseconds drain) noexcept;

// Waits for every closing of this process that has begun, each up to its drain and a grace in which
// what was then told to stop may do so. A plug-in that does not is left behind. In the main thread;
// raises at once what a signal handler raises.
void wait_for_closings();

}  // namespace bhashatts::python
