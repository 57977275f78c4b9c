#include "base/log.h"

#include <atomic>
#include <cstdio>
#include <memory>
#include <string>
#include <utility>

namespace bhashatts {
namespace {

struct Sink {
  LogSink write;
  LogLevel least;
  const Sink* replaced;  // kept, and kept findable: a leak checker then knows it is no leak
};

void write_to_stderr(LogLevel level, std::string_view component, std::string_view message) {
  std::string line = level >= LogLevel::error ? "error: " : "warning: ";
  line.append(component).append(": ").append(message).append("\n");
  std::fwrite(line.data(), 1, line.size(), stderr);
}

// A bare pointer, and a sink that was replaced is never freed: it may be in use on another thread,
// and a reference count behind a lock (std::atomic_load of a shared_ptr takes one) could be
// inherited locked by a forked child. A host sets a sink once or twice in its life.
const Sink kDefaultSink{write_to_stderr, LogLevel::warning, nullptr};
std::atomic<const Sink*> current{&kDefaultSink};

}  // namespace

void set_log_sink(LogSink sink, LogLevel least) {
  const Sink* replaced = current.load(std::memory_order_acquire);
  auto next = sink ? std::make_unique<Sink>(Sink{std::move(sink), least, nullptr})
                   : std::make_unique<Sink>(kDefaultSink);
  do {
    next->replaced = replaced;
  } while (!current.compare_exchange_weak(replaced, next.get(), std::memory_order_acq_rel));
  next.release();  // NOLINT(bugprone-unused-return-value): `current` has it
}

bool log_enabled(LogLevel level) noexcept {
  return level >= current.load(std::memory_order_acquire)->least;
}

// A sink that raises must not turn a log line into a failed request.
void log(LogLevel level, std::string_view component, std::string_view message) noexcept {
  const Sink* const sink = current.load(std::memory_order_acquire);
  if (level < sink->least) return;
  try {
    sink->write(level, component, message);
  } catch (...) {
  }
}

}  // namespace bhashatts
