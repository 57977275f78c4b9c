#include "speech.h"

#include <pybind11/stl.h>

#include <algorithm>
#include <string>

#include "audio.h"
#include "bhashatts/timings.h"
#include "called_back.h"
#include "documented.h"
#include "engine.h"
#include "quick.h"

namespace bhashatts::python {
namespace {

constexpr const char* kSpeech =
    R"(What was spoken. A value; it outlives its engine, but for url and timings.

Equal are those with the same key, format and audio, wherever they came from. Any thread.)";

const AudioMetadata& facts(const PySpeech& speech) { return speech.speech.metadata(); }
std::string name_of(std::string_view name) { return std::string(name); }

// The engine that a speech keeps may keep the speech.
int traverse(PyObject* self, visitproc visit, void* arg) {
  Py_VISIT(Py_TYPE(self));  // from Python 3.9 on an object of a heap type holds that
  if (auto* const speech = begun<PySpeech>(self)) {
    Py_VISIT(speech->engine.ptr());
    Py_VISIT(speech->asked.text.ptr());  // of a subclass of str: anything; all else is plain
  }
  return 0;
}

int clear(PyObject* self) {
  if (auto* const speech = begun<PySpeech>(self)) {
    const py::object engine = std::exchange(speech->engine, py::object());
  }
  return 0;
}

void seen_by_the_collector(PyHeapTypeObject* type) {
  type->ht_type.tp_flags |= Py_TPFLAGS_HAVE_GC;
  type->ht_type.tp_traverse = traverse;
  type->ht_type.tp_clear = clear;
}

py::object audio(PyObject* self) {
  return py::cast(Audio{inside<const PySpeech>(self).speech.audio()});
}

Timings timings(const PySpeech& self) {
  SpeechRequest request = self.asked.request();
  request.format = facts(self).format;
  const PyEngine& engine = self.engine.cast<const PyEngine&>();
  return unlocked([&] { return engine->timings(request, self.speech); });
}

std::optional<std::string> url(const PySpeech& self) {
  const PyEngine& engine = self.engine.cast<const PyEngine&>();
  return unlocked([&] { return engine->url(self.speech); });
}

py::object timings_object(const PySpeech& self) {
  return py::module_::import("bhashatts.reports")
      .attr("Timings")
      .attr("from_json")(timings(self).to_json());
}

std::string timings_json(const PySpeech& self) { return timings(self).to_json(); }

std::string webvtt(const PySpeech& self) {
  return timings(self).to_webvtt(utf8(self.asked.text, "text"));
}

// Of the same key, in the same format, with the same bytes: one key may be another recording in
// another data directory. Where it came from this time does not matter.
py::object equals(const PySpeech& self, const py::object& other) {
  if (!py::isinstance<PySpeech>(other)) {
    return py::reinterpret_borrow<py::object>(Py_NotImplemented);
  }
  const Speech& that = other.cast<const PySpeech&>().speech;
  const auto mine = self.speech.audio().span();
  const auto its = that.audio().span();
  return py::bool_(self.speech.cache_key() == that.cache_key() &&
                   facts(self).format == that.metadata().format && mine.size() == its.size() &&
                   (mine.data() == its.data() || std::ranges::equal(mine, its)));
}

py::ssize_t hash(const PySpeech& self) {
  return py::hash(py::make_tuple(self.speech.cache_key().hex(), name_of(name(facts(self).format))));
}

// Nothing of the text.
std::string shown(const PySpeech& self) {
  const AudioMetadata& known = facts(self);
  return "<bhashatts.Speech " + self.speech.cache_key().hex() + ": " + known.language + ", " +
         name_of(name(known.format)) + ", " + std::to_string(known.duration_ms) + " ms, " +
         name_of(name(self.speech.origin())) + ">";
}

// What this call is about.
void define_call(py::class_<PySpeech>& type) {
  using S = const PySpeech&;
  def_property_quickly<audio>(
      type, "audio", "The encoded audio, not copied: a buffer, and a file at its beginning.");
  type.def_property_readonly(
          "cached", [](S self) { return self.speech.cached(); },
          "False where this call, or one it waited for, synthesised.")
      .def_property_readonly(
          "fallback", [](S self) { return self.speech.fallback(); },
          "Whether another voice speaks in the place of the first one.")
      .def_property_readonly(
          "origin", [](S self) { return name_of(name(self.speech.origin())); },
          "\"memory\", \"lmdb\", \"redis\", \"tier\", \"blob\", \"joined\" or \"synthesized\".")
      .def_property_readonly(
          "cost_micro_usd", [](S self) { return self.speech.cost_micro_usd(); },
          "What this call paid, in millionths of a US dollar; 0 for hits.")
      .def_property_readonly(
          "cost_usd",
          [](S self) { return static_cast<double>(self.speech.cost_micro_usd()) / 1e6; },
          "cost_micro_usd in US dollars.");
}

// What is known of the audio.
void define_facts(py::class_<PySpeech>& type) {
  using S = const PySpeech&;
  type.def_property_readonly(
          "cache_key", [](S self) { return self.speech.cache_key().hex(); },
          "32 hexadecimal digits; a strong ETag, together with format.")
      .def_property_readonly(
          "format", [](S self) { return name_of(name(facts(self).format)); },
          "\"wav\", \"flac\", \"opus\" or \"mp3\".")
      .def_property_readonly(
          "media_type", [](S self) { return name_of(media_type(facts(self).format)); },
          "For Content-Type: \"audio/wav\", ...")
      .def_property_readonly(
          "duration_ms", [](S self) { return facts(self).duration_ms; }, "Of the audio.")
      .def_property_readonly(
          "sample_rate", [](S self) { return facts(self).sample_rate; }, "In Hz.")
      .def_property_readonly(
          "size_bytes", [](S self) { return facts(self).size_bytes; }, "Of the audio.")
      .def_property_readonly(
          "synthesizer", [](S self) { return facts(self).synthesizer; },
          "The identity of the voice that speaks.")
      .def_property_readonly(
          "language", [](S self) { return facts(self).language; }, "\"HINDI\", ...")
      .def_property_readonly(
          "voice_style", [](S self) { return facts(self).voice_style; }, "\"storyteller\", ...")
      .def_property_readonly(
          "take", [](S self) { return facts(self).take; },
          "The highest of its utterances'; above 0 where takes were rejected.")
      .def_property_readonly(
          "utterances", [](S self) { return facts(self).utterances; }, "How many sentences.")
      .def_property_readonly(
          "generation_time_ms", [](S self) { return facts(self).generation_time_ms; },
          "Of all its syntheses, whoever made them.")
      .def_property_readonly(
          "created_at", [](S self) { return facts(self).created_at; }, "Seconds since 1970 UTC.");
}

}  // namespace

void register_speech(py::module_& module) {
  py::class_<PySpeech> type(module, "Speech", py::custom_type_setup([](PyHeapTypeObject* made) {
                              nobody_makes_it(made);
                              seen_by_the_collector(made);
                            }),
                            kSpeech);
  define_call(type);
  define_facts(type);
  type.def_property_readonly("url", url,
                             "Where its object can be fetched, made now; None when it is only in "
                             "tiers. Raises Error: CLOSED.")
      .def_property_readonly("timings", timings_object,
                             "When what is heard, as Timings. Raises Error: CLOSED.")
      .def("__eq__", equals)
      .def("__hash__", hash)
      .def("__repr__", shown);
  no_pickle(type,
            "a speech cannot be copied or pickled: take bytes(speech.audio) and what else you "
            "need of it");
  const Documented documented;
  type.def("timings_json", timings_json,
           "timings_json(self)\n--\n\nThe timings as `say --timings` writes them. Raises Error: "
           "CLOSED.")
      .def(
          "webvtt", webvtt,
          "webvtt(self)\n--\n\nThe timings as WebVTT: a cue a sentence, each word behind its time. "
          "Raises Error: CLOSED.");
}

}  // namespace bhashatts::python
