// Members of the engine that report, prepare and tidy up. Reports come as JSON (bhashatts/json.h);
// bhashatts/reports.py makes objects of them.
#include <pybind11/functional.h>
#include <pybind11/stl.h>

#include <fstream>
#include <sstream>
#include <string>

#include "audio.h"
#include "bhashatts/json.h"
#include "cause.h"
#include "engine.h"
#include "errors.h"
#include "lock.h"
#include "request.h"
#include "waiting.h"

namespace bhashatts::python {
namespace {

// Calls Python's progress(...) from the engine's threads; what it raises ends the run, and is
// raised when that is over.
class Listener {
 public:
  Listener(py::object progress, std::stop_source& stop)
      : progress_(std::move(progress)), stop_(stop) {}
  explicit operator bool() const { return !progress_.is_none(); }

  template <typename... Numbers>
  void tell(Numbers... numbers) {
    const CalledBack here;
    const WithLock lock;
    if (raised_) return;
    try {
      called(progress_, numbers...);
    } catch (const py::error_already_set& raised) {
      raised_ = raised;
      stop_.request_stop();
    }
  }
  void raise_what_it_raised() const {
    if (raised_) throw py::error_already_set(*raised_);
  }

 private:
  const py::object progress_;
  std::stop_source& stop_;
  std::optional<py::error_already_set> raised_;
};

std::vector<Story> stories_of(const std::string& json_lines) {
  std::istringstream in(json_lines);
  return read_stories(in);
}

std::string prewarm(PyEngine& engine, const std::string& stories, const std::string& language,
                    const std::string& story_id, std::optional<std::int64_t> limit,
                    const std::string& voice_style, const std::string& format,
                    std::int32_t concurrency, bool dry_run, py::object progress,
                    std::stop_source stop) {
  const auto wanted = audio_format(format);
  if (!wanted) throw Error(ErrorCode::format_unknown, "unknown format \"" + format + "\"");
  PrewarmOptions options{.language = language,
                         .story_id = story_id,
                         .limit = limit,
                         .voice_style = voice_style,
                         .format = *wanted,
                         .concurrency = concurrency,
                         .dry_run = dry_run};
  Listener listener(std::move(progress), stop);
  options.stop = stop.get_token();
  if (listener) {
    options.progress = [&](const PrewarmProgress& at) {
      listener.tell(at.pages_total, at.pages_done, at.pages_cached, at.pages_generated,
                    at.pages_rejected, at.pages_failed, at.elapsed_ms);
    };
  }
  const std::vector<Story> all = stories_of(stories);
  const PrewarmReport report = waited_for(stop, [&] { return engine->prewarm(all, options); });
  listener.raise_what_it_raised();
  return to_json(report);
}

// A host's own storage: read(name) -> bytes or None.
auto reader_of(const py::object& read) {
  return [read = kept(read)](const std::string& name) {
    return call_python("read", [&]() -> std::optional<SharedBytes> {
      const py::object given = called(object_of(read), name);
      return given.is_none() ? std::nullopt : std::optional(bytes_of(given));
    });
  };
}

// As os.fsencode: file names that are no UTF-8 too. Raises ValueError for what has a NUL in it.
std::string path_of(const py::object& path) {
  PyObject* bytes = nullptr;
  if (PyUnicode_FSConverter(path.ptr(), &bytes) == 0) throw py::error_already_set();
  return py::reinterpret_steal<py::bytes>(bytes);
}

std::string import_guide(PyEngine& engine, const py::object& path, const std::string& language,
                         std::optional<std::int64_t> limit, const std::string& prefix,
                         const py::object& directory, bool same_description,
                         std::int32_t concurrency, bool dry_run, py::object progress,
                         const py::object& read, std::stop_source stop) {
  ImportOptions options{.language = language,
                        .limit = limit,
                        .prefix = prefix,
                        .directory = path_of(directory),
                        .same_description = same_description,
                        .concurrency = concurrency,
                        .dry_run = dry_run};
  if (!read.is_none()) options.read = reader_of(read);
  Listener listener(std::move(progress), stop);
  options.stop = stop.get_token();
  if (listener) {
    options.progress = [&](const ImportProgress& at) {
      listener.tell(at.rows_done, at.rows_adopted, at.rows_already_there, at.rows_left_out,
                    at.rows_failed, at.elapsed_ms);
    };
  }
  const std::string name = path_of(path);
  std::ifstream file(name, std::ios::binary);
  if (!file) throw Error(ErrorCode::not_found, "cannot open " + name);
  GuideExport rows(file);
  const ImportReport report =
      waited_for(stop, [&] { return engine->import_guide([&] { return rows.next(); }, options); });
  listener.raise_what_it_raised();
  return to_json(report, dry_run);
}

std::string status(PyEngine& engine) {
  return waited_for([&] { return to_json(engine->status(), engine->stats()); });
}

// The JSON, and what it does not have.
py::tuple stats(PyEngine& engine) {
  const Stats all = waited_for([&] { return engine->stats(); });
  py::list tiers;
  for (const TierStats& tier : all.tiers) {
    const CacheTierStats& of = tier.stats;
    tiers.append(py::make_tuple(tier.tier, of.entries, of.size_bytes, of.hits, of.misses,
                                of.evictions, of.errors));
  }
  return py::make_tuple(to_json(all), all.requests_failed, tiers);
}

std::string verify(PyEngine& engine, bool repair) {
  return waited_for([&] { return to_json(engine->verify(repair)); });
}

py::tuple reject(PyEngine& engine, py::object text, py::object language, py::object voice_style,
                 py::object format) {
  const Asked asked{text,       language,   voice_style, format,
                    py::none(), py::none(), py::none(),  py::none()};
  const SpeechRequest request = asked.request();
  const RejectReport report = waited_for([&] { return engine->reject(request); });
  return py::make_tuple(report.rejected.hex(), report.next_take, report.speeches_dropped);
}

py::tuple told(const ForgetReport& report) {
  return py::make_tuple(report.speeches, report.utterances, report.usage_events);
}

py::tuple forget_text(PyEngine& engine, const py::object& text) {
  const std::string_view whole = utf8(text, "text");
  return told(waited_for([&] { return engine->forget_text(whole); }));
}

py::tuple forget_user(PyEngine& engine, const py::object& user_id) {
  const std::string_view user = utf8(user_id, "user_id");
  return told(waited_for([&] { return engine->forget_user(user); }));
}

py::tuple clear(PyEngine& engine, bool cache_only, const std::string& language, bool dry_run) {
  const ClearOptions options{.cache_only = cache_only, .language = language, .dry_run = dry_run};
  const ClearReport report = waited_for([&] { return engine->clear(options); });
  return py::make_tuple(report.cache_entries, report.blobs, report.records);
}

std::optional<std::string> page_url(PyEngine& engine, const py::object& story_id,
                                    std::int32_t page_number, const py::object& voice_style) {
  const std::string_view story = utf8(story_id, "story_id");
  const std::string_view style =
      voice_style.is_none() ? std::string_view() : utf8(voice_style, "voice_style");
  return waited_for([&] { return engine->story_page_url(story, page_number, style); });
}

}  // namespace

void register_tidying(py::class_<PyEngine>& engine) {
  engine.def("_prewarm", prewarm, py::arg("stories"), py::arg("language"), py::arg("story_id"),
             py::arg("limit"), py::arg("voice_style"), py::arg("format"), py::arg("concurrency"),
             py::arg("dry_run"), py::arg("progress"), py::arg("stop"));
  engine.def("_import", import_guide, py::arg("path"), py::arg("language"), py::arg("limit"),
             py::arg("prefix"), py::arg("directory"), py::arg("same_description"),
             py::arg("concurrency"), py::arg("dry_run"), py::arg("progress"), py::arg("read"),
             py::arg("stop"));
  engine.def("_status", status);
  engine.def("_stats", stats);
  engine.def("_verify", verify, py::arg("repair"));
  engine.def("_reject", reject, py::arg("text"), py::arg("language"), py::arg("voice_style"),
             py::arg("format"));
  engine.def("_forget_text", forget_text, py::arg("text"));
  engine.def("_forget_user", forget_user, py::arg("user_id"));
  engine.def("_clear", clear, py::arg("cache_only"), py::arg("language"), py::arg("dry_run"));
  engine.def("_story_page_url", page_url, py::arg("story_id"), py::arg("page_number"),
             py::arg("voice_style"));
  engine.def("_flush", [](PyEngine& self) { waited_for([&] { self->flush(); }); });
  engine.def("_config", [](const PyEngine& self) { return self->config().to_json(); });
}

}  // namespace bhashatts::python
