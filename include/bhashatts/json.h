// Reports as JSON objects on one line, the same text wherever they come out: the command's --json,
// C and what stands on C. Members may be added; none is renamed or removed. docs/cli.md names them.
//
// Thread rule: pure functions; any thread.
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "bhashatts/event_sink.h"
#include "bhashatts/export.h"
#include "bhashatts/import.h"
#include "bhashatts/reports.h"
#include "bhashatts/stories.h"

namespace bhashatts {

BHASHATTS_API std::string to_json(const Status& status, const Stats& stats);
BHASHATTS_API std::string to_json(const Stats& stats);
BHASHATTS_API std::string to_json(const VerifyReport& report);
BHASHATTS_API std::string to_json(const PrewarmReport& report);
BHASHATTS_API std::string to_json(const ImportReport& report, bool dry_run);
// A list, one object an event; docs/c.md describes them.
BHASHATTS_API std::string to_json(std::span<const Event> events);
// Languages, styles and descriptions of a voice profile. Raises config_invalid for an unknown one.
BHASHATTS_API std::string voices_json(std::string_view profile);

// "healthy", "degraded", "unhealthy".
BHASHATTS_API std::string_view name(Health health) noexcept;

}  // namespace bhashatts
