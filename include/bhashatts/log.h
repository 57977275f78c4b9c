// Where the engine's log lines go.
//
// Thread rule: set_log_sink may be called at any time from any thread; the sink is called from any
// of the engine's threads, several at once, and must not call the engine.
// Lines never hold a secret, and the text of a page only at LogLevel::debug.
#pragma once

#include <functional>
#include <string_view>

#include "bhashatts/export.h"

namespace bhashatts {

enum class LogLevel { debug = 10, info = 20, warning = 30, error = 40 };

// component: "engine", "cache.lmdb", "catalog", ... Views are valid during the call only.
using LogSink =
    std::function<void(LogLevel level, std::string_view component, std::string_view message)>;

// An empty sink restores the default: warnings and errors as lines on standard error.
BHASHATTS_API void set_log_sink(LogSink sink, LogLevel least = LogLevel::info);

}  // namespace bhashatts
