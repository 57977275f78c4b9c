// Python code that the engine calls: plug-ins, observers, log handlers, progress.
//
// Where that happens within a call of the main thread's (open, lookup, url), signal handlers run in
// it, and Ctrl-C would be taken for a fault of the plug-in's: an engine goes on without a tier that
// fails. So what is no Exception is kept, and raised by that call when it is over. (A thread of its
// own for each such call, as in waiting.h, would cost a lookup more than the lookup.)
//
// Thread rule: any thread; all but the guards with the interpreter's lock.
#pragma once

#include <pybind11/pybind11.h>

#include <future>
#include <utility>

#include "lock.h"

namespace bhashatts::python {

namespace py = pybind11;

// Stands while Python code runs that the engine has called on this thread.
class CalledBack {
 public:
  CalledBack();
  CalledBack(const CalledBack&) = delete;
  CalledBack& operator=(const CalledBack&) = delete;
  ~CalledBack();
};

// Such code cannot wait until the engine has ended: that waits for it. Raises bad_request.
void refuse_in_called_back();

// Stands while a call of this thread's is under way that will raise what is kept.
class Keeping {
 public:
  Keeping();
  Keeping(const Keeping&) = delete;
  Keeping& operator=(const Keeping&) = delete;
  ~Keeping();
};

// Keeps what code that was called back raised, if it is no Exception (KeyboardInterrupt,
// SystemExit) and there is a call to raise it. Returns whether it does.
bool keep_interrupt(const py::error_already_set& raised);
void raise_what_was_kept();

// work() -> result, without the lock, in this thread. Raises what was kept meanwhile, whatever came
// of the work; its result is then destroyed with the lock.
template <typename Work>
auto unlocked(Work&& work) {
  const Keeping here;
  std::packaged_task<decltype(work())()> task(std::forward<Work>(work));
  auto done = task.get_future();
  {
    const WithoutLock released;
    task();
  }
  raise_what_was_kept();
  return done.get();
}

}  // namespace bhashatts::python
