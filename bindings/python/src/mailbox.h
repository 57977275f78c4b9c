// Where the engine's threads leave what an event loop waits for.
//
// They take no lock of the interpreter's: they put the result in, and the file descriptor becomes
// readable, for which every asyncio loop can wait. A thousand results that come at once wake the
// loop once. (loop.call_soon_threadsafe instead would have each landing thread wait for the
// interpreter, and with it the upstream's next call.)
//
// Thread rule: a Mailbox may be used from any thread; the rest with the interpreter's lock.
#pragma once

#include <pybind11/pybind11.h>

#include <cstdint>
#include <memory>
#include <unordered_map>
#include <utility>
#include <variant>
#include <vector>

#include "base/fd.h"
#include "base/mutex.h"
#include "bhashatts/async.h"
#include "request.h"

namespace bhashatts::python {

namespace py = pybind11;

// Of a speech that is under way: what bhashatts.Speech keeps of its request.
struct PyExpected {
  py::object engine;
  Asked asked;
};

class Mailbox {
 public:
  struct Letter {
    std::uint64_t number = 0;  // what the loop calls it
    std::variant<SpeechResult, UtteranceResult> result;
  };

  Mailbox();
  int fileno() const noexcept { return readable_.get(); }
  // Does not raise: without memory for it the letter is lost, and its reader's own timeout ends the
  // wait.
  void put(Letter letter) noexcept;
  // What has come; quiet until more comes.
  std::vector<Letter> take();

 private:
  UniqueFd readable_;  // an eventfd
  Mutex mutex_;
  std::vector<Letter> letters_ GUARDED_BY(mutex_);
};

// bhashatts._core.Mailbox. The Python objects stand here and not in the Mailbox, which a thread of
// the engine's may be the last to own (a loop that was closed with work under way).
class PyMailbox {
 public:
  PyMailbox() : box_(std::make_shared<Mailbox>()) {}
  const std::shared_ptr<Mailbox>& box() const noexcept { return box_; }
  // Under which number a speech is expected, and what was asked for.
  void expect(std::uint64_t number, PyExpected expected) {
    expected_[number] = std::move(expected);
  }
  // A list of (number, what came). What came is a Speech, an utterance, None behind the last one,
  // or an exception.
  py::list take();

 private:
  std::shared_ptr<Mailbox> box_;
  std::unordered_map<std::uint64_t, PyExpected> expected_;
};

class PyEngine;
void register_mailbox(py::module_& module, py::class_<PyEngine>& engine);

}  // namespace bhashatts::python
