#include "cli/command.h"
#include "cli/format.h"
#include "cli/output.h"
#include "cli/table.h"

namespace bhashatts::cli {
namespace {

std::string name_of(Health health) {
  switch (health) {
    case Health::healthy: return "healthy";
    case Health::degraded: return "degraded";
    case Health::unhealthy: return "unhealthy";
  }
  return "unhealthy";
}

Json model_of(const Status& status) {
  return {{"status", std::string(name(status.synthesizer.state))},
          {"model", status.synthesizer.model},
          {"identity", status.synthesizer_identity},
          {"voice_profile", status.voice_profile},
          {"message", status.synthesizer.message}};
}

Json cache_of(const Status& status, const Stats& stats) {
  return {{"data_dir", status.data_dir},
          {"read_only", status.read_only},
          {"total_entries", stats.total_entries},
          {"total_size_bytes", stats.total_size_bytes},
          {"total_cost_usd", usd(stats.total_cost_micro_usd)},
          {"estimated_savings_usd", usd(stats.estimated_savings_micro_usd)}};
}

Json budget_of(const Status& status) {
  const bool limited = status.budget_micro_usd_month > 0;
  return {{"limit_usd_month", limited ? Json(usd(status.budget_micro_usd_month)) : Json()},
          {"spent_usd_month", usd(status.spent_micro_usd_month)}};
}

Json described(const Status& status, const Stats& stats) {
  return {{"status", name_of(status.health)},
          {"model", model_of(status)},
          {"cache", cache_of(status, stats)},
          {"spool", {{"entries", status.spool_entries}, {"bytes", status.spool_bytes}}},
          {"budget", budget_of(status)},
          {"warnings", status.warnings}};
}

std::string budget_text(const Status& status) {
  const std::string spent = usd_text(status.spent_micro_usd_month) + " spent this month";
  if (status.budget_micro_usd_month == 0) return spent + ", no budget";
  return spent + " of " + usd_text(status.budget_micro_usd_month);
}

std::string for_people(const Status& status, const Stats& stats) {
  Table table;
  table.row({"status", name_of(status.health)})
      .row({"model", status.synthesizer.model + ", " + std::string(name(status.synthesizer.state))})
      .row({"voices", status.voice_profile})
      .row({"data", status.data_dir + (status.read_only ? " (read-only)" : "")})
      .row({"kept", std::to_string(stats.total_entries) + " speeches, " +
                        bytes_text(stats.total_size_bytes)})
      .row({"spool",
            std::to_string(status.spool_entries) + " entries, " + bytes_text(status.spool_bytes)})
      .row({"money", budget_text(status)});
  if (!status.synthesizer.message.empty()) table.row({"", status.synthesizer.message});
  for (const std::string& warning : status.warnings) table.row({"warning", printable(warning)});
  return table.text();
}

int status(const Session& session) {
  TtsEngine engine = open_engine(session);
  const Status now = engine.status();
  const Stats counted = engine.stats();
  session.json ? print_json(described(now, counted)) : print(for_people(now, counted));
  return 0;
}

}  // namespace

void add_status(CLI::App& app, Session& session) {
  CLI::App* command = add_command(app, session, "status", "Whether all is well; costs nothing");
  command->callback([&session] { session.run = [&] { return status(session); }; });
}

}  // namespace bhashatts::cli
