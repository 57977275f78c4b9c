// Exports: ahead of time, and how it stands.
#include <cerrno>
#include <cstring>
#include <fstream>
#include <istream>
#include <streambuf>
#include <string>
#include <utility>

#include "bhashatts/json.h"
#include "bhashatts/text.h"
#include "engine_object.h"
#include "guard.h"
#include "progress.h"
#include "values.h"

namespace bhashatts::c {
namespace {

constexpr std::string_view kDefaultProfile = "roster";

// A caller's text as a stream, without a copy.
class ViewBuffer final : public std::streambuf {
 public:
  explicit ViewBuffer(std::string_view text) {
    char* begin = const_cast<char*>(text.data());  // only ever read
    setg(begin, begin, begin + text.size());
  }
};

std::vector<Story> stories_of(bhashatts_text stories) {
  ViewBuffer buffer(view_of(stories, "stories"));
  std::istream in(&buffer);
  return read_stories(in);
}

PrewarmOptions options_of(const bhashatts_prewarm_options& from) {
  PrewarmOptions options;
  options.language = name_of(from.language, "language");
  options.story_id = name_of(from.story_id, "story_id");
  options.limit = limit_of(from.limit);
  options.voice_style = name_of(from.voice_style, "voice_style");
  options.format = format_of(from.format);
  options.concurrency = from.concurrency;
  options.dry_run = flag_of(from.dry_run, "dry_run");
  options.stop = stop_of(from.cancel);
  return options;
}

ImportOptions options_of(const bhashatts_import_options& from) {
  ImportOptions options;
  options.language = name_of(from.language, "language");
  options.limit = limit_of(from.limit);
  if (from.prefix.size > 0) options.prefix = name_of(from.prefix, "prefix");
  options.directory = name_of(from.directory, "directory");
  options.same_description = flag_of(from.same_description, "same_description");
  if (from.concurrency != 0) options.concurrency = from.concurrency;
  options.dry_run = flag_of(from.dry_run, "dry_run");
  options.stop = stop_of(from.cancel);
  return options;
}

std::ifstream opened(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (file) return file;
  throw Error(ErrorCode::not_found, "cannot open " + path + ": " + std::strerror(errno));
}

}  // namespace

BHASHATTS_EXPORT bhashatts_status bhashatts_engine_prewarm(bhashatts_engine* engine,
                                                           bhashatts_text stories,
                                                           const bhashatts_prewarm_options* options,
                                                           bhashatts_string** report_json) {
  return guarded([&] {
    begin_output(report_json, "report_json");
    const auto pin = pinned(engine);
    const bhashatts_prewarm_options given = read_or_defaults(options);
    PrewarmOptions wanted = options_of(given);
    Progress progress(given.progress, given.progress_context);
    progress.listen(wanted);
    const PrewarmReport report = engine_in(pin).prewarm(stories_of(stories), wanted);
    progress.raise_what_it_raised();
    *report_json = made_string(to_json(report));
  });
}

BHASHATTS_EXPORT bhashatts_status bhashatts_engine_import(bhashatts_engine* engine,
                                                          bhashatts_text path,
                                                          const bhashatts_import_options* options,
                                                          bhashatts_string** report_json) {
  return guarded([&] {
    begin_output(report_json, "report_json");
    const auto pin = pinned(engine);
    const bhashatts_import_options given = read_or_defaults(options);
    ImportOptions wanted = options_of(given);
    Progress progress(given.progress, given.progress_context);
    progress.listen(wanted);
    std::ifstream file = opened(std::string(name_of(path, "path")));
    GuideExport rows(file);
    const ImportReport report = engine_in(pin).import_guide([&] { return rows.next(); }, wanted);
    progress.raise_what_it_raised();
    *report_json = made_string(to_json(report, wanted.dry_run));
  });
}

BHASHATTS_EXPORT bhashatts_status bhashatts_engine_status(bhashatts_engine* engine,
                                                          bhashatts_string** json) {
  return guarded([&] {
    begin_output(json, "json");
    const auto pin = pinned(engine);
    const Status status = engine_in(pin).status();
    *json = made_string(to_json(status, engine_in(pin).stats()));
  });
}

BHASHATTS_EXPORT bhashatts_status bhashatts_engine_stats(bhashatts_engine* engine,
                                                         bhashatts_string** json) {
  return guarded([&] {
    begin_output(json, "json");
    *json = made_string(to_json(engine_in(pinned(engine)).stats()));
  });
}

BHASHATTS_EXPORT bhashatts_status bhashatts_engine_verify(bhashatts_engine* engine,
                                                          std::int32_t repair,
                                                          bhashatts_string** json) {
  return guarded([&] {
    begin_output(json, "json");
    *json = made_string(to_json(engine_in(pinned(engine)).verify(flag_of(repair, "repair"))));
  });
}

BHASHATTS_EXPORT bhashatts_status bhashatts_engine_config(bhashatts_engine* engine,
                                                          bhashatts_string** json) {
  return guarded([&] {
    begin_output(json, "json");
    *json = made_string(engine_in(pinned(engine)).config().to_json());
  });
}

BHASHATTS_EXPORT bhashatts_status bhashatts_voices(bhashatts_text profile,
                                                   bhashatts_string** json) {
  return guarded([&] {
    begin_output(json, "json");
    const std::string_view name = name_of(profile, "profile");
    *json = made_string(voices_json(name.empty() ? kDefaultProfile : name));
  });
}

BHASHATTS_EXPORT bhashatts_status bhashatts_spoken_text(bhashatts_text text,
                                                        bhashatts_string** spoken) {
  return guarded([&] {
    begin_output(spoken, "spoken");
    *spoken = made_string(spoken_text(view_of(text, "text")));
  });
}

}  // namespace bhashatts::c
