// Waiting without the interpreter's lock, and so that Ctrl-C is heard: Python runs signal handlers
// in its main thread only, between two steps of Python code; a main thread that waits in here looks
// every 50 ms whether there is one to run, while another thread does the work.
//
// Thread rule: called with the interpreter's lock.
#pragma once

#include <pybind11/pybind11.h>

#include <chrono>
#include <exception>
#include <future>
#include <stop_token>
#include <thread>
#include <utility>

#include "cause.h"
#include "lock.h"
#include "log.h"

namespace bhashatts::python {

namespace py = pybind11;

inline bool in_main_thread() {
  const auto threading = py::module_::import("threading");
  return threading.attr("current_thread")().is(threading.attr("main_thread")());
}

// Waits until look(time), which waits that long, says ready; with the lock, which it lets go of.
// In the main thread. Returns what a signal handler raised meanwhile, at once.
template <typename Look>
std::exception_ptr heard_until(const Look& look) {
  for (;;) {
    {
      const WithoutLock released;
      if (look(std::chrono::milliseconds(50)) == std::future_status::ready) return nullptr;
    }
    if (PyErr_CheckSignals() != 0) return std::make_exception_ptr(py::error_already_set());
    drop_aside();  // which Python does only where it runs
  }
}

// work() -> result, on some thread, without the lock. What it raises is raised. Where a signal
// handler raises, `stop` is requested, the work awaited (which a stop ends at once, but for runs
// over many pages: those finish what is in hand), and the handler's exception raised.
template <typename Work>
auto waited_for(std::stop_source& stop, Work&& work) {
  refuse_in_log_handler();
  if (!in_main_thread()) {
    const WithoutLock released;
    return work();
  }
  std::packaged_task<decltype(work())()> task(std::forward<Work>(work));
  auto done = task.get_future();
  std::jthread thread([&] { task(); });
  if (const auto raised = heard_until([&](auto time) { return done.wait_for(time); })) {
    const WithoutLock released;
    stop.request_stop();
    thread.join();
    std::rethrow_exception(raised);
  }
  {
    const WithoutLock released;  // which the thread may take at its end
    thread.join();
  }
  return done.get();
}

// Of what cannot be stopped half way.
template <typename Work>
auto waited_for(Work&& work) {
  std::stop_source nothing;
  return waited_for(nothing, std::forward<Work>(work));
}

}  // namespace bhashatts::python
