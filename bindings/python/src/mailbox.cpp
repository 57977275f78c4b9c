#include "mailbox.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <memory>
#include <optional>

#include "called_back.h"
#include "documented.h"
#include "engine.h"
#include "errors.h"
#include "lock.h"
#include "speech.h"
#include "stream.h"

namespace bhashatts::python {
namespace {

void ring(int fd) noexcept {
  const std::uint64_t one = 1;
  while (::write(fd, &one, sizeof one) < 0 && errno == EINTR) {
  }
}

void quiet(int fd) noexcept {
  std::uint64_t count = 0;
  while (::read(fd, &count, sizeof count) < 0 && errno == EINTR) {
  }
}

py::object came(UtteranceResult result) {
  if (result.error) return to_python(*result.error);
  return result.utterance ? to_python(*std::move(result.utterance)) : py::none();
}

py::object came(SpeechResult result, PyExpected expected) {
  if (result.error) return to_python(*result.error);
  return py::cast(
      PySpeech{*std::move(result.speech), std::move(expected.engine), std::move(expected.asked)});
}

// A Speech at once, where it is in memory; else None, and it comes to the mailbox.
py::object begin(py::object self, PyMailbox& mailbox, std::uint64_t number,
                 const std::stop_source& stop, py::object text, py::object language,
                 py::object voice_style, py::object format, py::object timeout, py::object user_id,
                 py::object story_id, py::object page_number, bool fallback) {
  PyEngine& engine = self.cast<PyEngine&>();
  Asked asked{text,    language, voice_style, format,  timeout,
              user_id, story_id, page_number, fallback};
  SpeechRequest request = asked.request();
  if (auto hit = engine->recall(request)) {
    return py::cast(PySpeech{*std::move(hit), self, std::move(asked)});
  }
  request.stop = stop.get_token();
  unlocked([&] {
    engine->synthesize_async(request, [box = mailbox.box(), number](SpeechResult result) {
      box->put({number, std::move(result)});
    });
  });
  mailbox.expect(number, {self, std::move(asked)});  // no letter is taken out before this returns
  return py::none();
}

}  // namespace

Mailbox::Mailbox() : readable_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!readable_.valid()) throw Error(ErrorCode::internal, "no eventfd: too many open files");
}

void Mailbox::put(Letter letter) noexcept {
  bool first = false;
  try {
    MutexLock lock(mutex_);
    first = letters_.empty();
    letters_.push_back(std::move(letter));
  } catch (...) {
    return;
  }
  if (first) ring(readable_.get());
}

std::vector<Mailbox::Letter> Mailbox::take() {
  std::vector<Letter> letters;
  MutexLock lock(mutex_);
  quiet(readable_.get());
  letters.swap(letters_);
  return letters;
}

py::list PyMailbox::take() {
  py::list all;
  for (Mailbox::Letter& letter : box_->take()) {
    py::object what;
    if (auto* speech = std::get_if<SpeechResult>(&letter.result)) {
      auto expected = expected_.extract(letter.number);
      what = came(std::move(*speech), std::move(expected.mapped()));
    } else {
      what = came(std::move(std::get<UtteranceResult>(letter.result)));
    }
    all.append(py::make_tuple(letter.number, what));
  }
  return all;
}

void register_mailbox(py::module_& module, py::class_<PyEngine>& engine) {
  py::class_<std::stop_source> stop(module, "Stop",
                                    "What ends a prewarm or an import from another thread.");
  stop.def(py::init<>())
      .def_property_readonly("requested", &std::stop_source::stop_requested,
                             "Whether request() was called.");
  const Documented documented;
  stop.def(
      "request",
      [](std::stop_source& self) {
        const WithoutLock released;
        self.request_stop();
      },
      "request(self)\n--\n\nWhat is in hand is finished, nothing more is begun. Any thread.");
  py::class_<PyMailbox>(module, "Mailbox")
      .def(py::init<>())
      .def("fileno", [](const PyMailbox& self) { return self.box()->fileno(); })
      .def("take", &PyMailbox::take);
  engine.def("_begin", begin, py::arg("mailbox"), py::arg("number"), py::arg("stop"),
             py::arg("text"), py::arg("language"), py::arg("voice_style"), py::arg("format"),
             py::arg("timeout"), py::arg("user_id"), py::arg("story_id"), py::arg("page_number"),
             py::arg("fallback"));
}

}  // namespace bhashatts::python
