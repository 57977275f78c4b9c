#include "engine/prewarm.h"

#include <algorithm>
#include <exception>
#include <thread>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/mutex.h"

namespace bhashatts::engine {
namespace {

struct Page {
  const Story* story;
  std::int32_t number;  // from 1
};

bool is_bad_input(ErrorCode code) {
  return static_cast<int>(code) >= 200 && static_cast<int>(code) < 300;
}

// What makes every further page fail alike: going on would only repeat the message, or the bill.
bool ends_all(ErrorCode code) {
  switch (code) {
    case ErrorCode::closed:
    case ErrorCode::not_configured:
    case ErrorCode::unauthorized:
    case ErrorCode::model_not_served:
    case ErrorCode::endpoint_paused:
    case ErrorCode::credits_exhausted:
    case ErrorCode::budget_exhausted:
    case ErrorCode::storage_full:
    case ErrorCode::storage_read_only: return true;
    default: return false;
  }
}

class Prewarm {
 public:
  Prewarm(Core& core, std::span<const Story> stories, const PrewarmOptions& options)
      : core_(core), options_(options) {
    choose(stories);
  }

  PrewarmReport run() {
    // Whoever asks for a prewarm again has looked at what ended the one before.
    if (auto& breaker = core_.rooms().voice().breaker; breaker && !options_.dry_run) {
      breaker->forgive();
    }
    const std::size_t wanted = static_cast<std::size_t>(
        options_.concurrency > 0 ? options_.concurrency : core_.concurrency());
    std::vector<std::thread> threads;
    for (std::size_t i = 1; i < std::min(wanted, pages_.size()); ++i) {
      threads.emplace_back([this] { work(); });
    }
    work();
    for (std::thread& thread : threads) thread.join();
    return finish();
  }

 private:
  void choose(std::span<const Story> stories) NO_THREAD_SAFETY_ANALYSIS {  // one thread yet
    for (const Story& story : stories) {
      if (!options_.language.empty() && story.language != options_.language) continue;
      if (!options_.story_id.empty() && story.story_id != options_.story_id) continue;
      if (options_.limit && report_.stories_total >= *options_.limit) break;
      ++report_.stories_total;
      for (std::size_t i = 0; i < story.pages.size(); ++i) {
        pages_.push_back({&story, static_cast<std::int32_t>(i + 1)});
      }
    }
    report_.pages_total = static_cast<std::int64_t>(pages_.size());
  }

  // What is no Error (memory at its end, a callback that raises) is raised when the others are
  // done: here it would end the process.
  void work() noexcept {
    try {
      while (const Page* page = next()) take(*page);
    } catch (...) {
      end_with(std::current_exception());
    }
  }

  void take(const Page& page) {
    try {
      speak(page);
    } catch (const Error& error) {
      failed(page, error);
    }
    show_progress();
  }

  void end_with(std::exception_ptr trouble) {
    MutexLock lock(mutex_);
    ended_ = true;
    if (!trouble_) trouble_ = std::move(trouble);
  }

  const Page* next() {
    MutexLock lock(mutex_);
    if (ended_ || options_.stop.stop_requested() || next_ == pages_.size()) return nullptr;
    return &pages_[next_++];
  }

  void speak(const Page& page) {
    const Story& story = *page.story;
    const SpeechRequest request{.text = story.pages[static_cast<std::size_t>(page.number) - 1],
                                .language = story.language,
                                .voice_style = options_.voice_style,
                                .format = options_.format,
                                .story_id = story.story_id,
                                .page_number = page.number,
                                .allow_fallback = false};
    if (options_.dry_run) return foresee(request);
    const Speech speech = core_.synthesize(request);
    MutexLock lock(mutex_);
    // What another caller or process made meanwhile is no page of ours to count as made.
    ++(speech.origin() == Origin::synthesized ? report_.pages_generated : report_.pages_cached);
    report_.total_cost_micro_usd += speech.cost_micro_usd();
  }

  void foresee(const SpeechRequest& request) {
    const bool there = core_.would_hit(request);
    const std::int64_t most = core_.rooms().voice().synthesizer->limits().max_cost_micro_usd;
    MutexLock lock(mutex_);
    ++(there ? report_.pages_cached : report_.pages_generated);
    if (!there) report_.total_cost_micro_usd += most;
  }

  void failed(const Page& page, const Error& error) {
    const bool rejected = is_bad_input(error.code());
    // Behind an open breaker no page would be tried: better told as not attempted.
    const bool down = !rejected && core_.rooms().voice().refusal().has_value();
    MutexLock lock(mutex_);
    ended_ = ended_ || down || ends_all(error.code());
    if (!error.tried()) {
      ++refused_;
      if (!problems_.empty()) return;  // what opened the breaker is told already, as a rule
    } else {
      ++(rejected ? report_.pages_rejected : report_.pages_failed);
    }
    problems_.emplace_back(&page, PrewarmProblem{.story_id = page.story->story_id,
                                                 .page_number = page.number,
                                                 .code = std::string(name(error.code())),
                                                 .message = error.what(),
                                                 .rejected = rejected});
  }

  void show_progress() {
    if (!options_.progress) return;
    MutexLock lock(mutex_);
    const std::int64_t done = report_.pages_cached + report_.pages_generated +
                              report_.pages_rejected + report_.pages_failed;
    options_.progress({.pages_total = report_.pages_total,
                       .pages_done = done,
                       .pages_cached = report_.pages_cached,
                       .pages_generated = report_.pages_generated,
                       .pages_rejected = report_.pages_rejected,
                       .pages_failed = report_.pages_failed,
                       .elapsed_ms = watch_.ms()});
  }

  PrewarmReport finish() {
    MutexLock lock(mutex_);
    if (trouble_) std::rethrow_exception(trouble_);
    report_.pages_not_attempted = static_cast<std::int64_t>(pages_.size() - next_) + refused_;
    report_.elapsed_ms = watch_.ms();
    std::sort(problems_.begin(), problems_.end(),
              [](const auto& a, const auto& b) { return a.first < b.first; });
    for (auto& [page, problem] : problems_) report_.problems.push_back(std::move(problem));
    return std::move(report_);
  }

  Core& core_;
  const PrewarmOptions& options_;
  const Stopwatch watch_;
  std::vector<Page> pages_;
  Mutex mutex_;
  std::size_t next_ GUARDED_BY(mutex_) = 0;
  bool ended_ GUARDED_BY(mutex_) = false;
  std::int64_t refused_ GUARDED_BY(mutex_) = 0;  // taken up, but not tried: the breaker was open
  PrewarmReport report_ GUARDED_BY(mutex_);
  std::exception_ptr trouble_ GUARDED_BY(mutex_);
  std::vector<std::pair<const Page*, PrewarmProblem>> problems_ GUARDED_BY(mutex_);
};

void check(const PrewarmOptions& options) {
  if (options.limit && *options.limit < 0) {
    throw Error(ErrorCode::bad_request, "limit must be 0 or more stories");
  }
  if (options.concurrency < 0 || options.concurrency > 1024) {
    throw Error(ErrorCode::bad_request, "concurrency must be 0 to 1024");
  }
  if (!options.language.empty() && find_language(options.language) == nullptr) {
    throw Error(ErrorCode::language_unknown, "unknown language " + options.language);
  }
  if (!options.story_id.empty() && options.story_id.size() > 256) {
    throw Error(ErrorCode::bad_request, "a story_id may have 256 bytes");
  }
  if (!options.voice_style.empty() && find_voice_style(options.voice_style) == nullptr) {
    throw Error(ErrorCode::voice_style_unknown, "unknown voice style " + options.voice_style);
  }
}

}  // namespace

PrewarmReport prewarm(Core& core, std::span<const Story> stories, const PrewarmOptions& options) {
  core.require_open();
  check(options);
  return Prewarm(core, stories, options).run();
}

}  // namespace bhashatts::engine
