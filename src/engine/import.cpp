// Rows are taken one by one, so that an export of any length costs a few rows of memory. What is
// wrong with one row is that row's; what would be wrong with each that follows ends the run, and is
// raised: a full disk, a store that may not be written to, a source that fails.
#include "engine/import.h"

#include <algorithm>
#include <chrono>
#include <exception>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"
#include "blob/spooled_store.h"
#include "engine/adopter.h"

namespace bhashatts::engine {
namespace {

constexpr std::int32_t kMostAtOnce = 64;
constexpr auto kPatience = std::chrono::seconds(1);

ImportOutcome outcome_of(ErrorCode code) {
  if (code == ErrorCode::not_found) return ImportOutcome::missing;
  if (code == ErrorCode::bad_audio) return ImportOutcome::refused;
  const bool input = static_cast<int>(code) / 100 == 2;
  return input ? ImportOutcome::rejected : ImportOutcome::failed;
}

bool ends_all(ErrorCode code) {
  switch (code) {
    case ErrorCode::closed:
    case ErrorCode::not_supported:
    case ErrorCode::out_of_memory:
    case ErrorCode::storage_full:
    case ErrorCode::storage_read_only: return true;
    default: return false;
  }
}

class Import {
 public:
  Import(Core& core, const GuideRows& rows, const ImportOptions& options)
      : core_(core), rows_(rows), options_(options), adopter_(core, options) {}

  ImportReport run() {
    std::vector<std::thread> threads;
    for (std::int32_t i = 1; i < options_.concurrency; ++i) {
      threads.emplace_back([this] { work(); });
    }
    work();
    for (std::thread& thread : threads) thread.join();
    return finish();
  }

 private:
  void work() noexcept {
    try {
      while (const auto row = next()) {
        if (take(*row)) show_progress();
      }
    } catch (...) {
      end_with(std::current_exception());
    }
  }

  std::optional<GuideRow> next() {
    MutexLock lock(mutex_);
    if (ended_ || stops()) return std::nullopt;
    for (;;) {
      if (options_.limit && report_.rows_total >= *options_.limit) return std::nullopt;
      auto row = rows_();
      ended_ = !row.has_value();
      if (ended_) return std::nullopt;
      ++rows_read_;
      if (row->number == 0) row->number = rows_read_;
      if (row->fault.empty() && !options_.language.empty() && row->language != options_.language) {
        continue;
      }
      ++report_.rows_total;
      return row;
    }
  }

  bool stops() REQUIRES(mutex_) {
    report_.stopped = report_.stopped || options_.stop.stop_requested();
    return report_.stopped;
  }

  // False: the run was stopped before anything was done about it.
  bool take(const GuideRow& row) {
    try {
      if (!row.fault.empty()) throw Error(ErrorCode::bad_request, row.fault);
      if (!await_room()) return give_back();
      adopted(row, adopter_.adopt(row));
    } catch (const Error& error) {
      if (ends_all(error.code())) throw;
      failed(row, error);
    }
    return true;
  }

  // A store far away takes what it is owed at its own pace; meanwhile nothing is lost but time.
  bool await_room() {
    if (options_.dry_run) return true;
    const auto& spool = core_.rooms().spool;
    while (spool && spool->is_full() && !spool->spool_status().trouble) {
      if (options_.stop.stop_requested()) return false;
      spool->drain(std::chrono::steady_clock::now() + kPatience);
    }
    core_.rooms().require_room();
    return true;
  }

  bool give_back() {
    MutexLock lock(mutex_);
    --report_.rows_total;
    report_.stopped = true;
    return false;
  }

  void adopted(const GuideRow& row, const Adopter::Adopted& adopted) {
    MutexLock lock(mutex_);
    if (adopted.already_there) {
      ++report_.rows_already_there;
      return;
    }
    ++report_.rows_adopted;
    report_.rows_whole += adopted.whole ? 1 : 0;
    report_.rows_other_description += adopted.other_description ? 1 : 0;
    report_.adopted_ms += adopted.duration_ms;
    report_.adopted_cost_micro_usd += row.generation_cost_micro_usd;
  }

  void failed(const GuideRow& row, const Error& error) {
    const ImportOutcome outcome = outcome_of(error.code());
    ImportProblem problem{.row = row.number,
                          .cache_key = row.cache_key,
                          .outcome = outcome,
                          .code = std::string(name(error.code())),
                          .message = error.what()};
    if (problem.cache_key.empty() && row.fault.empty()) {
      problem.cache_key = guide_cache_key(row.text, row.language, row.voice_style);
    }
    if (problem.cache_key.size() > 64) problem.cache_key.clear();  // the column's own limit
    MutexLock lock(mutex_);
    ++counter(outcome);
    report_.rows_invalid += row.fault.empty() ? 0 : 1;
    if (report_.problems.size() < ImportReport::kMostProblems) {
      report_.problems.push_back(std::move(problem));
    }
  }

  std::int64_t& counter(ImportOutcome outcome) REQUIRES(mutex_) {
    switch (outcome) {
      case ImportOutcome::rejected: return report_.rows_rejected;
      case ImportOutcome::missing: return report_.rows_missing;
      case ImportOutcome::refused: return report_.rows_refused;
      case ImportOutcome::failed: break;
    }
    return report_.rows_failed;
  }

  void show_progress() {
    if (!options_.progress) return;
    MutexLock lock(mutex_);
    options_.progress(
        {.rows_done = rows_read_,
         .rows_adopted = report_.rows_adopted,
         .rows_already_there = report_.rows_already_there,
         .rows_left_out = report_.rows_rejected + report_.rows_missing + report_.rows_refused,
         .rows_failed = report_.rows_failed,
         .elapsed_ms = watch_.ms()});
  }

  void end_with(std::exception_ptr trouble) {
    MutexLock lock(mutex_);
    ended_ = true;
    if (!trouble_) trouble_ = std::move(trouble);
  }

  // Plans that were made before know nothing of the pages in one piece.
  ImportReport finish() {
    MutexLock lock(mutex_);
    if (report_.rows_whole > 0 && !options_.dry_run) core_.rooms().generation->raise();
    if (trouble_) std::rethrow_exception(trouble_);
    report_.synthesizer = core_.rooms().voice().identity;
    report_.elapsed_ms = watch_.ms();
    std::ranges::stable_sort(report_.problems, {}, &ImportProblem::row);
    return std::move(report_);
  }

  Core& core_;
  const GuideRows& rows_;
  const ImportOptions& options_;
  Adopter adopter_;
  const Stopwatch watch_;
  Mutex mutex_;
  bool ended_ GUARDED_BY(mutex_) = false;
  std::int64_t rows_read_ GUARDED_BY(mutex_) = 0;
  ImportReport report_ GUARDED_BY(mutex_);
  std::exception_ptr trouble_ GUARDED_BY(mutex_);
};

void check(const GuideRows& rows, const ImportOptions& options) {
  if (!rows) throw Error(ErrorCode::bad_request, "an import needs rows");
  if (options.limit && *options.limit < 0) {
    throw Error(ErrorCode::bad_request, "limit must be 0 or more rows");
  }
  if (options.concurrency < 1 || options.concurrency > kMostAtOnce) {
    throw Error(ErrorCode::bad_request, "concurrency must be 1 to 64");
  }
  if (!options.language.empty() && find_language(options.language) == nullptr) {
    throw Error(ErrorCode::language_unknown, "unknown language " + options.language);
  }
}

// What lies in the data directory is ours, and tidied as ours.
void require_place(const Rooms& rooms, const ImportOptions& options) {
  if (!rooms.store_is_local || !options.directory.empty() || options.read) return;
  throw Error(
      ErrorCode::bad_request,
      "where is the old audio? without a bucket its directory must be named (directory, --from)");
}

}  // namespace

ImportReport import_guide(Core& core, const GuideRows& rows, const ImportOptions& options) {
  core.require_open();
  check(rows, options);
  require_place(core.rooms(), options);
  if (!options.dry_run) core.rooms().require_room();
  return Import(core, rows, options).run();
}

}  // namespace bhashatts::engine
