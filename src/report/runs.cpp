// What became of many pages or rows: prewarm, import.
#include "base/json_text.h"
#include "bhashatts/json.h"
#include "report/money.h"

namespace bhashatts {

using report::usd;

std::string to_json(const PrewarmReport& report) {
  const auto problem = [](const PrewarmProblem& one) {
    return JsonObject()
        .add("story_id", one.story_id)
        .add("page_number", one.page_number)
        .add("outcome", std::string_view(one.rejected ? "rejected" : "failed"))
        .add("code", one.code)
        .add("message", one.message);
  };
  return JsonObject()
      .add("stories_total", report.stories_total)
      .add("pages_total", report.pages_total)
      .add("pages_cached", report.pages_cached)
      .add("pages_generated", report.pages_generated)
      .add("pages_rejected", report.pages_rejected)
      .add("pages_failed", report.pages_failed)
      .add("pages_not_attempted", report.pages_not_attempted)
      .add("total_cost_usd", usd(report.total_cost_micro_usd))
      .add("elapsed_ms", report.elapsed_ms)
      .add("problems", JsonList::of(report.problems, problem))
      .text();
}

std::string to_json(const ImportReport& report, bool dry_run) {
  const auto problem = [](const ImportProblem& one) {
    return JsonObject()
        .add("row", one.row)
        .add("cache_key", one.cache_key)
        .add("outcome", name(one.outcome))
        .add("code", one.code)
        .add("message", one.message);
  };
  return JsonObject()
      .add("rows_total", report.rows_total)
      .add("rows_adopted", report.rows_adopted)
      .add("rows_already_there", report.rows_already_there)
      .add("rows_rejected", report.rows_rejected)
      .add("rows_missing", report.rows_missing)
      .add("rows_refused", report.rows_refused)
      .add("rows_failed", report.rows_failed)
      .add("rows_whole", report.rows_whole)
      .add("rows_other_description", report.rows_other_description)
      .add("adopted_ms", report.adopted_ms)
      .add("adopted_cost_usd", usd(report.adopted_cost_micro_usd))
      .add("synthesizer", report.synthesizer)
      .add("dry_run", dry_run)
      .add("stopped", report.stopped)
      .add("elapsed_ms", report.elapsed_ms)
      .add("problems", JsonList::of(report.problems, problem))
      .text();
}

}  // namespace bhashatts
