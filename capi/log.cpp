// Exports: where log lines go.
//
// The library keeps each sink that it was ever given, because another thread may be using it. So it
// is always given the same one, which writes to whom `current` names: the host's context stands
// behind a handle, and goes when the handle is retired and the last line that is being written has
// been.
#include <atomic>
#include <utility>

#include "bhashatts/log.h"
#include "callback.h"
#include "guard.h"
#include "objects.h"
#include "plugins.h"
#include "values.h"

namespace bhashatts::c {
namespace {

struct LogObject {
  static constexpr Kind kKind = Kind::log;

  LogObject(bhashatts_on_log host_sink, LogLevel from, PluginHead host_head)
      : sink(host_sink), least(from), head(host_head) {}
  LogObject(const LogObject&) = delete;
  LogObject& operator=(const LogObject&) = delete;
  ~LogObject() { give_back(head); }

  bhashatts_on_log sink;
  LogLevel least;
  PluginHead head;
};

LogLevel level_of(bhashatts_log_level level) {
  switch (level) {
    case BHASHATTS_LOG_DEBUG: return LogLevel::debug;
    case BHASHATTS_LOG_INFO: return LogLevel::info;
    case BHASHATTS_LOG_WARNING: return LogLevel::warning;
    case BHASHATTS_LOG_ERROR: return LogLevel::error;
    default: throw Error(ErrorCode::bad_request, "unknown log level; use 10, 20, 30 or 40");
  }
}

// Gives the context back where nobody took it.
class Given {
 public:
  explicit Given(PluginHead head) noexcept : head_(head) {}
  Given(const Given&) = delete;
  Given& operator=(const Given&) = delete;
  ~Given() { give_back(head_); }
  PluginHead take() noexcept { return std::exchange(head_, PluginHead{}); }
  const PluginHead& head() const noexcept { return head_; }

 private:
  PluginHead head_;
};

constinit std::atomic<std::uint64_t> current{0};  // 0: standard error

// Who is retired is current no more: then there is another one.
void write_to_current(LogLevel level, std::string_view component, std::string_view message) {
  for (std::uint64_t number = current; number != 0; number = current) {
    const auto pin = table<LogObject>.pin(number);
    if (!pin) continue;
    if (level < pin->least) return;
    const InCallback in_callback;
    return pin->sink(pin->head.context, static_cast<bhashatts_log_level>(level), text_of(component),
                     text_of(message));
  }
}

void install(std::uint64_t number) {
  if (number == 0) return set_log_sink({});
  if (const auto pin = table<LogObject>.pin(number)) set_log_sink(write_to_current, pin->least);
}

// Of threads that are here at once, the last to install sees what is current then.
void install_current() {
  std::uint64_t installed = 0;
  do {
    installed = current;
    install(installed);
  } while (current != installed);
}

void retire(std::uint64_t number) noexcept {
  if (number != 0) table<LogObject>.retire(number);
}

// Where it raises bad_alloc nothing is replaced; and `number` is retired in any case, by this or by
// who replaces it.
void replace_by(std::uint64_t number) {
  const std::uint64_t before = current.exchange(number);
  try {
    install_current();
  } catch (...) {
    std::uint64_t mine = number;
    retire(current.compare_exchange_strong(mine, before) ? number : before);
    throw;
  }
  retire(before);
}

}  // namespace

BHASHATTS_EXPORT bhashatts_status bhashatts_set_log(bhashatts_on_log sink,
                                                    bhashatts_log_level least, void* context,
                                                    void (*destroy)(void* context)) {
  return guarded([&] {
    Given given({sizeof(PluginHead), context, destroy});
    const LogLevel level = level_of(least);
    if (sink == nullptr) return replace_by(0);
    const std::uint64_t number =
        table<LogObject>.add_made([&] { return LogObject(sink, level, given.head()); });
    given.take();
    replace_by(number);
  });
}

}  // namespace bhashatts::c
