#include "bhashatts/json.h"
#include "cli/command.h"
#include "cli/format.h"
#include "cli/output.h"
#include "cli/table.h"

namespace bhashatts::cli {
namespace {

std::string budget_text(const Status& status) {
  const std::string spent = usd_text(status.spent_micro_usd_month) + " spent this month, ";
  const std::string saved = usd_text(status.saved_micro_usd) + " saved ever, ";
  const std::string credits = status.credits_exhausted ? ", no credits left" : "";
  if (status.budget_micro_usd_month == 0) return spent + saved + "no budget" + credits;
  return spent + saved + "budget " + usd_text(status.budget_micro_usd_month) + credits;
}

std::string for_people(const Status& status, const Stats& stats) {
  Table table;
  table.row({"status", std::string(name(status.health))})
      .row({"model", status.synthesizer.model + ", " + std::string(name(status.synthesizer.state))})
      .row({"voices", status.voice_profile})
      .row({"data", status.data_dir + (status.read_only ? " (read-only)" : "")})
      .row({"kept", std::to_string(stats.total_entries) + " speeches, " +
                        bytes_text(stats.total_size_bytes)})
      .row({"spool",
            std::to_string(status.spool_entries) + " entries, " + bytes_text(status.spool_bytes)})
      .row({"money", budget_text(status)});
  for (const VoiceStatus& voice : status.fallbacks) {
    table.row({"fallback", voice.status.model + ", " + std::string(name(voice.status.state))});
  }
  for (const std::string& warning : status.warnings) table.row({"warning", printable(warning)});
  return table.text();
}

int status(const Session& session) {
  TtsEngine engine = open_engine(session);
  const Status now = engine.status();
  const Stats counted = engine.stats();
  session.json ? print(to_json(now, counted) + "\n") : print(for_people(now, counted));
  return 0;
}

}  // namespace

void add_status(CLI::App& app, Session& session) {
  CLI::App* command =
      add_command(app, session, "status", "Whether all is well; synthesises nothing");
  command->callback([&session] { session.run = [&] { return status(session); }; });
}

}  // namespace bhashatts::cli
