// Taking the interpreter's lock and letting go of it, also while the interpreter ends.
//
// A thread that wants the lock of an interpreter that has ended gets it never: Python ends that
// thread there (pthread_exit, before 3.14), which unwinds through our frames. That would abort the
// process in the first destructor or noexcept function on the way, and drop Python objects without
// the lock. So here such a thread stays where it is until the process is gone, as Python 3.14 does
// by itself. pybind11's own guards do not.
//
// Python gets one state for each thread of the engine's, for as long as the thread lives: with one
// for each call, threading.local would be empty at each, and Django connect to its database anew.
// So such a thread takes the lock once more when it ends: whoever joins it must not have it.
//
// Thread rule: WithLock on any thread; WithoutLock with the lock.
#pragma once

#include <cxxabi.h>
#include <pybind11/pybind11.h>
#include <unistd.h>

#include <optional>
#include <utility>

namespace bhashatts::python {

namespace py = pybind11;

[[noreturn]] inline void stay_for_ever() {
  for (;;) ::pause();
}

// call(), which is not left when the interpreter ends this thread in it. To stand as near to where
// Python is called as can be: what is destroyed on the way here is destroyed without the lock.
template <typename Call>
decltype(auto) or_stay(const Call& call) {
  try {
    return call();
  } catch (const abi::__forced_unwind&) {
    stay_for_ever();
  }
}

// function(arguments...), which may take long.
template <typename... Arguments>
py::object called(const py::object& function, Arguments&&... arguments) {
  const py::tuple given = py::make_tuple(std::forward<Arguments>(arguments)...);
  PyObject* const result =
      or_stay([&] { return PyObject_Call(function.ptr(), given.ptr(), nullptr); });
  if (result == nullptr) throw py::error_already_set();
  return py::reinterpret_steal<py::object>(result);
}

// Whether the interpreter ends, or has ended: nothing but its main thread may run Python any more.
inline bool is_ending() {
#if PY_VERSION_HEX >= 0x030d0000
  return Py_IsFinalizing() != 0;
#else
  return _Py_IsFinalizing() != 0;
#endif
}

// What Python knows of a thread that it has not made itself. One that has forked keeps it; of the
// parent's other threads a child has neither the thread nor the state.
class ThreadState {
 public:
  // This thread's, until its end; nothing where it has one.
  static void keep() {
    if (PyGILState_GetThisThreadState() == nullptr) static thread_local const ThreadState kept;
  }
  ThreadState(const ThreadState&) = delete;
  ThreadState& operator=(const ThreadState&) = delete;
  ~ThreadState() {
    if (is_ending()) return;  // it is gone, or will be with the interpreter
    or_stay([this] {
      PyEval_RestoreThread(state_);
      PyGILState_Release(before_);
    });
  }

 private:
  ThreadState() : before_(PyGILState_Ensure()), state_(PyEval_SaveThread()) {}

  PyGILState_STATE before_;
  PyThreadState* state_;
};

class WithLock {
 public:
  WithLock() {
    or_stay([this] {
      ThreadState::keep();
      lock_.emplace();
    });
  }
  WithLock(const WithLock&) = delete;
  WithLock& operator=(const WithLock&) = delete;
  ~WithLock() = default;

 private:
  std::optional<py::gil_scoped_acquire> lock_;
};

class WithoutLock {
 public:
  WithoutLock() : state_(PyEval_SaveThread()) {}
  WithoutLock(const WithoutLock&) = delete;
  WithoutLock& operator=(const WithoutLock&) = delete;
  ~WithoutLock() {
    or_stay([this] { PyEval_RestoreThread(state_); });
  }

 private:
  PyThreadState* state_;
};

}  // namespace bhashatts::python
