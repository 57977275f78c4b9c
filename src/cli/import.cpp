// The export is read twice where it is a file: once to count its rows (300 MB/s), so that there is
// a time left to show, then row by row. Neither is ever whole in memory.
#include <algorithm>
#include <cerrno>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <memory>

#include "bhashatts/json.h"
#include "cli/command.h"
#include "cli/format.h"
#include "cli/interruption.h"
#include "cli/output.h"
#include "cli/progress.h"
#include "cli/table.h"

namespace bhashatts::cli {
namespace {

constexpr std::size_t kProblemsShown = 20;  // to people; --json lists up to ten thousand

struct Import {
  std::string export_file;
  ImportOptions options;
};

std::ifstream opened(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  if (file) return file;
  throw Error(ErrorCode::bad_request, "cannot open " + path + ": " + std::strerror(errno));
}

// -1: only the end will tell.
std::int64_t rows_of(const std::string& path) {
  if (path == "-" || !std::filesystem::is_regular_file(path)) return -1;
  std::ifstream file = opened(path);
  return GuideExport(file).count();
}

void require_directory(const std::string& directory) {
  if (directory.empty() || std::filesystem::is_directory(directory)) return;
  throw Error(ErrorCode::bad_request, "--from: " + directory + " is no directory");
}

ImportReport run(TtsEngine& engine, const std::string& path, ImportOptions options) {
  std::int64_t total = rows_of(path);
  if (options.limit && total >= 0) total = std::min(total, *options.limit);
  std::ifstream file;
  if (path != "-") file = opened(path);
  GuideExport rows(path == "-" ? std::cin : file);
  ProgressDisplay display;
  options.progress = [&](const ImportProgress& progress) { display.update({progress, total}); };
  return engine.import_guide([&] { return rows.next(); }, options);
}

std::string counts_text(const ImportReport& report, bool dry_run) {
  Table table;
  table.row({"rows", std::to_string(report.rows_total)})
      .row({dry_run ? "would be adopted" : "adopted", std::to_string(report.rows_adopted)})
      .row({"  in one piece", std::to_string(report.rows_whole)})
      .row({"  other description", std::to_string(report.rows_other_description)})
      .row({"already there", std::to_string(report.rows_already_there)})
      .row({"rejected", std::to_string(report.rows_rejected)})
      .row({"without audio", std::to_string(report.rows_missing)})
      .row({"refused", std::to_string(report.rows_refused)})
      .row({"failed", std::to_string(report.rows_failed)})
      .row({"audio adopted", clock_text(report.adopted_ms / 1'000)})
      .row({"had cost", usd_text(report.adopted_cost_micro_usd)})
      .row({"adopted for", report.synthesizer})
      .row({"time", ms_text(report.elapsed_ms)});
  return table.text();
}

std::string problems_text(const ImportReport& report) {
  std::string text;
  const std::size_t shown = std::min(report.problems.size(), kProblemsShown);
  for (std::size_t i = 0; i < shown; ++i) {
    const ImportProblem& problem = report.problems[i];
    text += std::string(name(problem.outcome)) + " row " + std::to_string(problem.row) + ", " +
            (problem.cache_key.empty() ? "no key" : printable(problem.cache_key)) + ": " +
            printable(problem.message) + "\n";
  }
  if (shown == report.problems.size()) return text;
  return text + "and " + std::to_string(report.problems.size() - shown) +
         " more; --json lists them\n";
}

// Rows that were understood and left out are the import's business, not its failure.
int outcome(const ImportReport& report) {
  if (report.stopped) return kInterrupted;
  if (report.rows_failed > 0) return exit_status(ErrorCode::storage_failed);
  return report.rows_invalid > 0 ? exit_status(ErrorCode::bad_request) : 0;
}

int import(const Session& session, const Import& arguments) {
  require_language(arguments.options.language);
  require_directory(arguments.options.directory);
  if (arguments.export_file != "-") opened(arguments.export_file);  // before anything is begun

  const Interruption interruption;  // before the engine has threads
  TtsEngine engine = open_engine(session);
  ImportOptions options = arguments.options;
  options.stop = interruption.token();
  const ImportReport report = run(engine, arguments.export_file, std::move(options));
  if (session.json) {
    print(to_json(report, arguments.options.dry_run) + "\n");
  } else {
    print(counts_text(report, arguments.options.dry_run) + problems_text(report));
  }
  return outcome(report);
}

void add_options(CLI::App& command, Import& arguments) {
  ImportOptions& options = arguments.options;
  command
      .add_option("EXPORT", arguments.export_file,
                  "Rows of the guide's AudioCache (JSON Lines or a JSON list); - is standard input")
      ->required()
      ->type_name("");
  command.add_option("--from", options.directory, "Where the audio lies as files; else the store")
      ->type_name("DIR");
  command
      .add_option("--prefix", options.prefix,
                  "What stands before <md5>.wav in the names of the guide's objects")
      ->type_name("PREFIX")
      ->capture_default_str();
  command.add_option("--language", options.language, "Only rows in this language")
      ->type_name("LANGUAGE");
  command
      .add_option_function<std::int64_t>(
          "--limit", [&](std::int64_t limit) { options.limit = limit; }, "At most so many rows")
      ->check(whole_number(0, 1'000'000'000))
      ->type_name("N");
  command.add_option("--concurrency", options.concurrency, "Rows at once")
      ->check(whole_number(1, 64))
      ->type_name("N");
  command.add_flag("--same-description", options.same_description,
                   "Refuse rows that were spoken to another voice description than ours");
  command.add_flag("--dry-run", options.dry_run, "Read and judge everything; keep nothing");
}

}  // namespace

void add_import(CLI::App& app, Session& session) {
  auto arguments = std::make_shared<Import>();
  CLI::App* command = add_command(
      app, session, "import", "Adopt audio that the guide's code has made; resumes where it was");
  add_options(*command, *arguments);
  command->callback([&session, arguments] {
    session.run = [&, arguments] { return import(session, *arguments); };
  });
}

}  // namespace bhashatts::cli
