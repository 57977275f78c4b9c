// What is drawn follows from the counts alone; ProgressDisplay only decides when, and takes turns
// with the log. No colour anywhere, so there is nothing for NO_COLOR to switch off.
#include "cli/progress.h"

#include <unistd.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "cli/format.h"
#include "cli/output.h"
#include "cli/table.h"

namespace bhashatts::cli {
namespace {

constexpr std::int64_t kRateWindowMs = 10'000;
constexpr std::int64_t kPlainLeastMs = 5'000;
constexpr std::int64_t kPlainMostMs = 30'000;
constexpr auto kRedraw = std::chrono::milliseconds(100);
constexpr std::size_t kShortestBar = 10;
constexpr std::size_t kLongestBar = 30;
constexpr std::string_view kClearLine = "\r\x1b[K";

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? "" : value;
}

// The first of the three that is set decides, as in setlocale(3).
bool speaks_utf8() {
  for (const char* name : {"LC_ALL", "LC_CTYPE", "LANG"}) {
    std::string locale = environment(name);
    if (locale.empty()) continue;
    std::ranges::transform(locale, locale.begin(),
                           [](char c) { return c >= 'A' && c <= 'Z' ? char(c + 32) : c; });
    return locale.find("utf-8") != std::string::npos || locale.find("utf8") != std::string::npos;
  }
  return false;
}

std::string rate_text(double rate) {
  std::array<char, 32> buffer{};
  std::snprintf(buffer.data(), buffer.size(), rate < 100 ? "%.1f/s" : "%.0f/s", rate);
  return buffer.data();
}

std::string left_text(const Progress& progress, double rate) {
  const auto left = static_cast<double>(progress.total - progress.done);
  return rate > 0 ? "left " + clock_text(static_cast<std::int64_t>(left / rate)) : "left -:--";
}

// Most important first: a narrow terminal shows as many as fit.
std::vector<std::string> segments(const Progress& progress, double rate) {
  const bool known = progress.total >= 0;
  std::vector<std::string> all{std::to_string(progress.done) +
                               (known ? "/" + std::to_string(progress.total) : std::string())};
  all.push_back(rate_text(rate));
  if (known) all.push_back(left_text(progress, rate));
  for (const auto& [name, count] : progress.counts) {
    all.push_back(std::string(name) + " " + std::to_string(count));
  }
  return all;
}

std::string bar(const Progress& progress, std::size_t length, bool unicode) {
  const double share =
      progress.total > 0 ? static_cast<double>(progress.done) / static_cast<double>(progress.total)
                         : 1.0;
  const auto full = std::min(length, static_cast<std::size_t>(share * static_cast<double>(length)));
  std::string drawn;
  for (std::size_t i = 0; i < length; ++i) {
    if (unicode) {
      drawn += i < full ? "█" : "░";
    } else {
      drawn += i < full ? '#' : '-';
    }
  }
  return "[" + drawn + "]";
}

}  // namespace

Progress::Progress(const PrewarmProgress& progress)
    : command("prewarm"),
      total(progress.pages_total),
      done(progress.pages_done),
      elapsed_ms(progress.elapsed_ms),
      counts{{"hits", progress.pages_cached},
             {"made", progress.pages_generated},
             {"failed", progress.pages_failed}} {
  if (progress.pages_rejected > 0) counts.emplace_back("rejected", progress.pages_rejected);
}

Progress::Progress(const ImportProgress& progress, std::int64_t rows)
    : command("import"),
      total(rows),
      done(progress.rows_done),
      elapsed_ms(progress.elapsed_ms),
      counts{{"adopted", progress.rows_adopted},
             {"there", progress.rows_already_there},
             {"left out", progress.rows_left_out},
             {"failed", progress.rows_failed}} {}

void RateMeter::sample(std::int64_t at_ms, std::int64_t done) {
  // Ten samples a second are plenty; more would only make the window long.
  if (samples_.size() > 1 && at_ms - samples_[samples_.size() - 2].first < 100) {
    samples_.back() = {at_ms, done};
  } else {
    samples_.emplace_back(at_ms, done);
  }
  while (samples_.size() > 2 && samples_[1].first <= at_ms - kRateWindowMs) samples_.pop_front();
}

double RateMeter::per_second() const {
  if (samples_.empty()) return 0;
  const auto [to_ms, to_done] = samples_.back();
  // A single sample counts from the beginning of the run.
  const auto [from_ms, from_done] =
      samples_.size() > 1 ? samples_.front() : std::pair<std::int64_t, std::int64_t>{0, 0};
  if (to_ms <= from_ms) return 0;
  return static_cast<double>(to_done - from_done) * 1e3 / static_cast<double>(to_ms - from_ms);
}

Terminal error_terminal() {
  Terminal terminal;
  const std::string term = environment("TERM");
  terminal.rewrites = stderr_is_terminal() && !term.empty() && term != "dumb";
  terminal.unicode = speaks_utf8();
  terminal.width = terminal_width(STDERR_FILENO);
  return terminal;
}

std::string bar_line(const Progress& progress, double rate, const Terminal& terminal) {
  const auto room = static_cast<std::size_t>(std::max(terminal.width - 1, 1));
  std::string text;
  for (const std::string& segment : segments(progress, rate)) {
    if (text.size() + 1 + segment.size() > room) break;
    text += (text.empty() ? "" : " ") + segment;
  }
  const std::size_t used = text.size() + 3;  // brackets and a blank
  if (progress.total < 0 || used + kShortestBar > room) return text;
  return bar(progress, std::min(room - used, kLongestBar), terminal.unicode) + " " + text;
}

std::string plain_line(const Progress& progress, double rate) {
  std::string text = std::string(progress.command) + ":";
  for (const std::string& segment : segments(progress, rate)) text += " " + segment;
  return text;
}

bool PlainPace::due(const Progress& progress) {
  const std::int64_t since = progress.elapsed_ms - last_ms_;
  const std::int64_t tenth = progress.total > 0 ? progress.done * 10 / progress.total : 10;
  if (since < kPlainLeastMs || (tenth == last_tenth_ && since < kPlainMostMs)) return false;
  last_ms_ = progress.elapsed_ms;
  last_tenth_ = tenth;
  return true;
}

ProgressDisplay::ProgressDisplay() : rewrites_(error_terminal().rewrites) {
  if (!rewrites_) return;
  set_log_sink([this](LogLevel, std::string_view, std::string_view line) { show_log_line(line); },
               LogLevel::warning);
}

ProgressDisplay::~ProgressDisplay() {
  if (rewrites_) set_log_sink({});
  if (line_open_) print_error("\n");
}

void ProgressDisplay::update(const Progress& progress) {
  const std::lock_guard lock(mutex_);
  rate_.sample(progress.elapsed_ms, progress.done);
  if (rewrites_) {
    draw(progress);
  } else if (pace_.due(progress)) {
    print_error(plain_line(progress, rate_.per_second()) + "\n");
  }
}

void ProgressDisplay::draw(const Progress& progress) {
  const auto now = std::chrono::steady_clock::now();
  const bool last = progress.total >= 0 && progress.done >= progress.total;
  if (!last && now - drawn_at_ < kRedraw) return;
  drawn_at_ = now;
  line_open_ = true;
  print_error(std::string(kClearLine) + bar_line(progress, rate_.per_second(), error_terminal()));
}

void ProgressDisplay::show_log_line(std::string_view message) {
  const std::lock_guard lock(mutex_);
  print_error(std::string(kClearLine) + "bhashatts: " + printable(message) + "\n");
}

}  // namespace bhashatts::cli
