// How an engine stands: status, stats, verify.
#include "base/json_text.h"
#include "bhashatts/json.h"
#include "report/money.h"

namespace bhashatts {
namespace {

using report::usd;

JsonObject voice_of(const std::string& identity, const SynthesizerStatus& status) {
  JsonObject voice;
  voice.add("status", name(status.state))
      .add("model", status.model)
      .add("identity", identity)
      .add("message", status.message);
  if (status.state == SynthesizerState::loading) {
    voice.add("estimated_time", static_cast<double>(status.ready_in.count()) / 1000.0);
  }
  return voice;
}

JsonObject cache_of(const Status& status, const Stats& stats) {
  return JsonObject()
      .add("data_dir", status.data_dir)
      .add("read_only", status.read_only)
      .add("total_entries", stats.total_entries)
      .add("total_size_bytes", stats.total_size_bytes)
      .add("total_cost_usd", usd(stats.total_cost_micro_usd))
      .add("estimated_savings_usd", usd(stats.estimated_savings_micro_usd));
}

JsonObject budget_of(const Status& status) {
  const bool limited = status.budget_micro_usd_month > 0;
  return JsonObject()
      .add("limit_usd_month",
           limited ? std::optional(usd(status.budget_micro_usd_month)) : std::nullopt)
      .add("spent_usd_month", usd(status.spent_micro_usd_month))
      .add("saved_usd", usd(status.saved_micro_usd))
      .add("credits",
           std::string_view(status.credits_exhausted ? "exhausted" : "not known to be exhausted"));
}

JsonObject requests_of(const Stats& stats) {
  JsonObject requests;
  for (std::size_t i = 0; i < kOrigins; ++i) {
    requests.add(name(static_cast<Origin>(i + 1)), stats.requests[i]);
  }
  return requests;
}

}  // namespace

std::string_view name(Health health) noexcept {
  switch (health) {
    case Health::healthy: return "healthy";
    case Health::degraded: return "degraded";
    case Health::unhealthy: return "unhealthy";
  }
  return "unhealthy";
}

std::string to_json(const Status& status, const Stats& stats) {
  const auto fallback = [](const VoiceStatus& voice) {
    return voice_of(voice.identity, voice.status);
  };
  return JsonObject()
      .add("status", name(status.health))
      .add("model", voice_of(status.synthesizer_identity, status.synthesizer)
                        .add("voice_profile", status.voice_profile))
      .add("fallbacks", JsonList::of(status.fallbacks, fallback))
      .add("cache", cache_of(status, stats))
      .add("spool",
           JsonObject().add("entries", status.spool_entries).add("bytes", status.spool_bytes))
      .add("budget", budget_of(status))
      .add("warnings", JsonList::of(status.warnings))
      .text();
}

std::string to_json(const Stats& stats) {
  return JsonObject()
      .add("total_entries", stats.total_entries)
      .add("total_size_bytes", stats.total_size_bytes)
      .add("total_cost_usd", usd(stats.total_cost_micro_usd))
      .add("total_accesses", stats.total_accesses)
      .add("avg_generation_time_ms", stats.avg_generation_time_ms)
      .add("estimated_savings_usd", usd(stats.estimated_savings_micro_usd))
      .add("utterances_synthesized", stats.utterances_synthesized)
      .add("requests", requests_of(stats))
      .add("paid_attempts", stats.paid_attempts)
      .text();
}

std::string to_json(const VerifyReport& report) {
  const auto problem = [](const VerifyProblem& one) {
    return JsonObject()
        .add("object", one.object)
        .add("what", one.what)
        .add("repaired", one.repaired);
  };
  return JsonObject()
      .add("objects_checked", report.objects_checked)
      .add("problems", JsonList::of(report.problems, problem))
      .text();
}

}  // namespace bhashatts
