#include "stream.h"

#include <cstdint>
#include <memory>
#include <optional>
#include <utility>

#include "audio.h"
#include "base/per_process.h"
#include "called_back.h"
#include "documented.h"
#include "engine.h"
#include "lock.h"
#include "mailbox.h"
#include "request.h"
#include "waiting.h"

namespace bhashatts::python {
namespace {

class PyStream {
 public:
  PyStream(py::object engine, Asked asked) : engine_(std::move(engine)), asked_(std::move(asked)) {
    SpeechRequest request = asked_.request();
    request.stop = stop_.get_token();
    const PyEngine& inner = engine_.cast<const PyEngine&>();
    stream_ = unlocked([&] { return std::make_shared<SpeechStream>(inner->stream(request)); });
  }
  PyStream(const PyStream&) = delete;
  PyStream& operator=(const PyStream&) = delete;
  ~PyStream() { close(); }

  py::object next() {
    const Lent stream(lent());
    auto utterance = waited_for(stop_, [&] { return stream->next(); });
    if (!utterance) throw py::stop_iteration();
    return to_python(*std::move(utterance));
  }

  void begin_next(const PyMailbox& mailbox, std::uint64_t number) {
    const Lent stream(lent());
    const WithoutLock released;
    stream->next_async([box = mailbox.box(), number](UtteranceResult result) {
      box->put({number, std::move(result)});
    });
  }

  bool closed() const { return stream_ == nullptr; }

  // A listener who goes away, on any thread, or in a signal handler while this one waits; the page
  // is made all the same. What it inherited from its parent, a
  // forked child only drops: who hears of the stop may take locks of the parent's engine.
  void close() {
    auto stream = std::move(stream_);
    const WithoutLock released;
    if (epoch_ == process_epoch()) stop_.request_stop();
    stream.reset();
  }

 private:
  // The stream for one call, in which it may be closed: the last to hold it lets go without the
  // interpreter's lock.
  class Lent {
   public:
    explicit Lent(std::shared_ptr<SpeechStream> stream) : stream_(std::move(stream)) {}
    Lent(const Lent&) = delete;
    Lent& operator=(const Lent&) = delete;
    ~Lent() {
      const WithoutLock released;
      stream_.reset();
    }
    SpeechStream* operator->() const { return stream_.get(); }

   private:
    std::shared_ptr<SpeechStream> stream_;
  };

  std::shared_ptr<SpeechStream> lent() const {
    if (closed()) throw py::stop_iteration();
    return stream_;
  }

  py::object engine_;
  Asked asked_;
  std::stop_source stop_;
  const std::uint64_t epoch_ = process_epoch();
  std::shared_ptr<SpeechStream> stream_;
};

std::unique_ptr<PyStream> open(py::object self, py::object text, py::object language,
                               py::object voice_style, py::object format, py::object timeout,
                               py::object user_id, py::object story_id, py::object page_number,
                               bool fallback) {
  return std::make_unique<PyStream>(
      std::move(self), Asked{text, language, voice_style, format, timeout, user_id, story_id,
                             page_number, fallback});
}

}  // namespace

py::object to_python(StreamedUtterance one) {
  const AudioMetadata& facts = *one.metadata;
  return py::module_::import("bhashatts.reports")
      .attr("Utterance")(Audio{std::move(one.audio)}, std::string(name(facts.format)),
                         facts.duration_ms, one.pause_after_ms, one.number, one.count,
                         one.synthesized);
}

void register_stream(py::module_& module, py::class_<PyEngine>& engine) {
  py::class_<PyStream>(module, "Stream", py::custom_type_setup(nobody_makes_it))
      .def("next", &PyStream::next)
      .def("begin_next", &PyStream::begin_next, py::arg("mailbox"), py::arg("number"))
      .def_property_readonly("closed", &PyStream::closed)
      .def("close", &PyStream::close);
  engine.def("_stream", open, py::arg("text"), py::arg("language"), py::arg("voice_style"),
             py::arg("format"), py::arg("timeout"), py::arg("user_id"), py::arg("story_id"),
             py::arg("page_number"), py::arg("fallback"));
}

}  // namespace bhashatts::python
