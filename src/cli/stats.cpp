#include "bhashatts/json.h"
#include "cli/command.h"
#include "cli/format.h"
#include "cli/output.h"
#include "cli/table.h"

namespace bhashatts::cli {
namespace {

template <typename Visit>
void for_each_origin(const Stats& stats, Visit visit) {
  for (std::size_t i = 0; i < kOrigins; ++i) {
    visit(std::string(name(static_cast<Origin>(i + 1))), stats.requests[i]);
  }
}

std::string for_people(const Stats& stats) {
  Table table;
  table.row({"speeches", std::to_string(stats.total_entries)})
      .row({"size", bytes_text(stats.total_size_bytes)})
      .row({"hits", std::to_string(stats.total_accesses)})
      .row({"utterances made", std::to_string(stats.utterances_synthesized)})
      .row({"mean time to make", ms_text(stats.avg_generation_time_ms)})
      .row({"paid attempts", std::to_string(stats.paid_attempts)})
      .row({"paid", usd_text(stats.total_cost_micro_usd)})
      .row({"saved", usd_text(stats.estimated_savings_micro_usd)});
  for_each_origin(stats, [&](const std::string& origin, std::int64_t n) {
    table.row({"requests, " + origin, std::to_string(n)});
  });
  table.row({"requests, failed", std::to_string(stats.requests_failed)});
  for (const TierStats& tier : stats.tiers) {
    table.row({"tier " + tier.tier, std::to_string(tier.stats.entries) + " entries, " +
                                        bytes_text(tier.stats.size_bytes)});
  }
  return table.text();
}

int stats(const Session& session) {
  const Stats counted = open_engine(session).stats();
  session.json ? print(to_json(counted) + "\n") : print(for_people(counted));
  return 0;
}

}  // namespace

void add_stats(CLI::App& app, Session& session) {
  CLI::App* command = add_command(app, session, "stats", "What is kept, what it cost and saved");
  command->callback([&session] { session.run = [&] { return stats(session); }; });
}

}  // namespace bhashatts::cli
