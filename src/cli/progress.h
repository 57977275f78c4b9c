// How far a prewarm is: one line that is rewritten on a terminal, now and then a line elsewhere.
//
// The texts are pure functions of the counts, a rate and the terminal, so that tests need none.
#pragma once

#include <chrono>
#include <cstdint>
#include <deque>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bhashatts/import.h"
#include "bhashatts/log.h"
#include "bhashatts/stories.h"

namespace bhashatts::cli {

// How far a command is, whatever it counts.
struct Progress {
  Progress(const PrewarmProgress& progress);  // NOLINT(google-explicit-constructor)
  // rows: of the whole export; -1: not known.
  Progress(const ImportProgress& progress, std::int64_t rows);

  std::string_view command;
  std::int64_t total = 0;  // -1: not known
  std::int64_t done = 0;
  std::int64_t elapsed_ms = 0;
  std::vector<std::pair<std::string_view, std::int64_t>> counts;  // most important first
};

// Pages (or rows) a second over the last ten seconds: a resumed run first races through its hits,
// and a mean over the whole run would promise that speed for the rest.
class RateMeter {
 public:
  void sample(std::int64_t at_ms, std::int64_t done);
  double per_second() const;

 private:
  std::deque<std::pair<std::int64_t, std::int64_t>> samples_;  // (at_ms, done)
};

struct Terminal {
  bool rewrites = false;  // a line can be drawn over
  bool unicode = false;
  int width = 80;
};
Terminal error_terminal();

// At most width - 1 columns: "[####------] 40/100 2.5/s left 0:24 hits 10 made 30 failed 0".
std::string bar_line(const Progress& progress, double rate, const Terminal& terminal);
std::string plain_line(const Progress& progress, double rate);

// Decides when a plain line is due: every tenth of the pages but not within five seconds of the
// last line, and every thirty seconds.
class PlainPace {
 public:
  bool due(const Progress& progress);

 private:
  std::int64_t last_ms_ = 0;
  std::int64_t last_tenth_ = 0;
};

// Writes to standard error from its making to its end, and keeps log lines from running into the
// bar.
// Thread rule: update() by any thread.
class ProgressDisplay {
 public:
  ProgressDisplay();
  ~ProgressDisplay();
  ProgressDisplay(const ProgressDisplay&) = delete;
  ProgressDisplay& operator=(const ProgressDisplay&) = delete;

  void update(const Progress& progress);

 private:
  void draw(const Progress& progress);
  void show_log_line(std::string_view message);

  std::mutex mutex_;
  const bool rewrites_;
  RateMeter rate_;
  PlainPace pace_;
  std::chrono::steady_clock::time_point drawn_at_{};
  bool line_open_ = false;
};

}  // namespace bhashatts::cli
