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

Json voice_of(const std::string& identity, const SynthesizerStatus& status) {
  Json voice{{"status", std::string(name(status.state))},
             {"model", status.model},
             {"identity", identity},
             {"message", status.message}};
  if (status.state == SynthesizerState::loading) {
    voice["estimated_time"] = static_cast<double>(status.ready_in.count()) / 1000.0;
  }
  return voice;
}

Json model_of(const Status& status) {
  Json model = voice_of(status.synthesizer_identity, status.synthesizer);
  model["voice_profile"] = status.voice_profile;
  return model;
}

Json fallbacks_of(const Status& status) {
  Json all = Json::array();
  for (const VoiceStatus& voice : status.fallbacks) {
    all.push_back(voice_of(voice.identity, voice.status));
  }
  return all;
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
          {"spent_usd_month", usd(status.spent_micro_usd_month)},
          {"saved_usd", usd(status.saved_micro_usd)},
          {"credits", status.credits_exhausted ? "exhausted" : "not known to be exhausted"}};
}

Json described(const Status& status, const Stats& stats) {
  return {{"status", name_of(status.health)},
          {"model", model_of(status)},
          {"fallbacks", fallbacks_of(status)},
          {"cache", cache_of(status, stats)},
          {"spool", {{"entries", status.spool_entries}, {"bytes", status.spool_bytes}}},
          {"budget", budget_of(status)},
          {"warnings", status.warnings}};
}

std::string budget_text(const Status& status) {
  const std::string spent = usd_text(status.spent_micro_usd_month) + " spent this month, ";
  const std::string saved = usd_text(status.saved_micro_usd) + " saved ever, ";
  const std::string credits = status.credits_exhausted ? ", no credits left" : "";
  if (status.budget_micro_usd_month == 0) return spent + saved + "no budget" + credits;
  return spent + saved + "budget " + usd_text(status.budget_micro_usd_month) + credits;
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
  session.json ? print_json(described(now, counted)) : print(for_people(now, counted));
  return 0;
}

}  // namespace

void add_status(CLI::App& app, Session& session) {
  CLI::App* command =
      add_command(app, session, "status", "Whether all is well; synthesises nothing");
  command->callback([&session] { session.run = [&] { return status(session); }; });
}

}  // namespace bhashatts::cli
