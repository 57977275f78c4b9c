#include "base/log.h"

#include <atomic>
#include <cstdio>
#include <memory>
#include <string>

namespace bhashatts {
namespace {

struct Sink {
  LogSink write;
  LogLevel least;
};

void write_to_stderr(LogLevel level, std::string_view component, std::string_view message) {
  std::string line = level >= LogLevel::error ? "error: " : "warning: ";
  line.append(component).append(": ").append(message).append("\n");
  std::fwrite(line.data(), 1, line.size(), stderr);
}

// A shared_ptr swapped atomically: a forked child cannot inherit a held lock that matters, since
// the library's spin bit is only held for the copy of a pointer.
std::shared_ptr<const Sink>& slot() {
  static std::shared_ptr<const Sink> sink =
      std::make_shared<const Sink>(Sink{write_to_stderr, LogLevel::warning});
  return sink;
}

}  // namespace

void set_log_sink(LogSink sink, LogLevel least) {
  auto next = sink ? std::make_shared<const Sink>(Sink{std::move(sink), least})
                   : std::make_shared<const Sink>(Sink{write_to_stderr, LogLevel::warning});
  std::atomic_store(&slot(), std::move(next));
}

bool log_enabled(LogLevel level) noexcept { return level >= std::atomic_load(&slot())->least; }

// A sink that raises must not turn a log line into a failed request.
void log(LogLevel level, std::string_view component, std::string_view message) noexcept {
  const auto sink = std::atomic_load(&slot());
  if (level < sink->least) return;
  try {
    sink->write(level, component, message);
  } catch (...) {
  }
}

}  // namespace bhashatts
