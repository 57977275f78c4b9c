// The stories are read whole before anything is made: a broken line in the middle must not leave
// half a library and a bill. 4,309 pages are 3 MB.
#include <algorithm>
#include <cerrno>
#include <cstring>
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

constexpr std::size_t kProblemsShown = 20;  // to people; --json lists all

constexpr std::int64_t kMostStories = 1'000'000'000;
constexpr std::int64_t kMostAtOnce = 1'024;

struct Prewarm {
  std::string stories;
  PrewarmOptions options;
};

std::vector<Story> stories_of(const std::string& path) {
  if (path == "-") return read_stories(std::cin);
  std::ifstream file(path, std::ios::binary);
  if (file) return read_stories(file);
  throw Error(ErrorCode::stories_invalid, "cannot open " + path + ": " + std::strerror(errno));
}

void require_story(const std::vector<Story>& stories, const std::string& story_id) {
  if (story_id.empty()) return;
  if (std::ranges::find(stories, story_id, &Story::story_id) != stories.end()) return;
  throw Error(ErrorCode::not_found, "the stories file has no story of this --story-id");
}

PrewarmReport run(TtsEngine& engine, const std::vector<Story>& stories, PrewarmOptions options) {
  ProgressDisplay display;
  options.progress = [&](const PrewarmProgress& progress) { display.update(progress); };
  return engine.prewarm(stories, options);
}

std::string time_text(const PrewarmReport& report) {
  const std::int64_t done = report.pages_total - report.pages_not_attempted;
  const std::int64_t per_second = done * 1'000 / std::max<std::int64_t>(report.elapsed_ms, 1);
  return ms_text(report.elapsed_ms) + ", " + std::to_string(per_second) + " pages/s";
}

std::string counts_text(const PrewarmReport& report, bool dry_run) {
  Table table;
  table.row({"stories", std::to_string(report.stories_total)})
      .row({"pages", std::to_string(report.pages_total)})
      .row({"already kept", std::to_string(report.pages_cached)})
      .row({dry_run ? "would be made" : "made", std::to_string(report.pages_generated)})
      .row({"rejected", std::to_string(report.pages_rejected)})
      .row({"failed", std::to_string(report.pages_failed)})
      .row({"not attempted", std::to_string(report.pages_not_attempted)})
      .row({dry_run ? "cost, at most" : "cost", usd_text(report.total_cost_micro_usd)})
      .row({"time", time_text(report)});
  return table.text();
}

std::string problems_text(const PrewarmReport& report) {
  std::string text;
  for (const PrewarmProblem& problem : report.problems) {
    if (&problem - report.problems.data() == kProblemsShown) {
      const auto more = report.problems.size() - kProblemsShown;
      return text + "and " + std::to_string(more) + " more; --json lists all\n";
    }
    text += std::string(problem.rejected ? "rejected " : "failed ") + printable(problem.story_id) +
            ", page " + std::to_string(problem.page_number) + ": " + printable(problem.message) +
            "\n";
  }
  return text;
}

bool is_about_money(const PrewarmProblem& problem) {
  return problem.code == name(ErrorCode::budget_exhausted) ||
         problem.code == name(ErrorCode::credits_exhausted);
}

int outcome(const PrewarmReport& report, bool interrupted) {
  if (std::ranges::any_of(report.problems, is_about_money)) return 5;
  if (interrupted && report.pages_not_attempted > 0) return kInterrupted;
  const auto failed = [](const PrewarmProblem& problem) { return !problem.rejected; };
  return std::ranges::any_of(report.problems, failed) ? 4 : 0;
}

int prewarm(const Session& session, const Prewarm& arguments) {
  require_language(arguments.options.language);
  const auto stories = stories_of(arguments.stories);
  require_story(stories, arguments.options.story_id);

  const Interruption interruption;  // before the engine has threads
  TtsEngine engine = open_engine(session);
  PrewarmOptions options = arguments.options;
  options.stop = interruption.token();
  const PrewarmReport report = run(engine, stories, std::move(options));
  if (session.json) {
    print(to_json(report) + "\n");
  } else {
    print(counts_text(report, arguments.options.dry_run) + problems_text(report));
  }
  return outcome(report, interruption.happened());
}

void add_options(CLI::App& command, Prewarm& arguments) {
  PrewarmOptions& options = arguments.options;
  command
      .add_option("STORIES", arguments.stories, "A stories file (JSON Lines); - is standard input")
      ->required()
      ->type_name("");
  command.add_option("--language", options.language, "Only stories in this language")
      ->type_name("LANGUAGE");
  command.add_option("--story-id", options.story_id, "Only this story")->type_name("ID");
  command
      .add_option_function<std::int64_t>(
          "--limit", [&](std::int64_t limit) { options.limit = limit; }, "At most so many stories")
      ->check(whole_number(0, kMostStories))
      ->type_name("N");
  command.add_option("--style", options.voice_style, "Voice style; else TTS_DEFAULT_VOICE_STYLE")
      ->type_name("STYLE");
  command
      .add_option("--concurrency", options.concurrency,
                  "Pages at once; else what the synthesizer bears")
      ->check(whole_number(1, kMostAtOnce))
      ->type_name("N");
  command.add_flag("--dry-run", options.dry_run,
                   "Say what would be made, and its cost; make nothing");
}

}  // namespace

void add_prewarm(CLI::App& app, Session& session) {
  auto arguments = std::make_shared<Prewarm>();
  CLI::App* command = add_command(
      app, session, "prewarm", "Make the pages of stories that are missing; resumes where it was");
  add_options(*command, *arguments);
  command->callback([&session, arguments] {
    session.run = [&, arguments] { return prewarm(session, *arguments); };
  });
}

}  // namespace bhashatts::cli
