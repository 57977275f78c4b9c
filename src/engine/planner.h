// From a request to a plan: strict checks, spoken text, identity, keys.
//
// Thread rule: any thread.
#pragma once

#include <memory>
#include <string>

#include "base/shared_counter.h"
#include "catalog/catalog.h"
#include "engine/memo.h"
#include "engine/plan.h"
#include "text/utterances.h"

namespace bhashatts::engine {

struct PlannerOptions {
  std::size_t voice = 0;          // place in the chain
  std::string synthesizer;        // Synthesizer::identity()
  std::int32_t max_aksharas = 0;  // SynthesizerLimits::max_aksharas
  std::string voice_profile;
  std::string default_voice_style;
  std::string key_secret;
};

class Planner {
 public:
  // catalog knows which take of an utterance is current; it and generation outlive the planner.
  Planner(PlannerOptions options, catalog::Catalog& catalog, const SharedCounter& generation);

  // Raises 2xx.
  PlanPtr plan(const SpeechRequest& request);
  // The plan as it is now, though the memo may know an older one.
  PlanPtr plan_again(const Plan& stale);
  // All of the plan's text in one piece: what an import keeps it as.
  Utterance whole(const Plan& plan) const;
  // The utterances of a plan with what stands between them, as the plan was made of them.
  std::vector<text::TextUtterance> split(const Plan& plan) const;
  // Texts that were sent are no longer held in memory.
  void forget_memo() { memo_.clear(); }

 private:
  PlanPtr make(const Language& language, const VoiceStyle& style, AudioFormat format,
               std::string text) const;
  Utterance utterance(const Plan& plan, std::string_view text) const;
  void prefer_whole(Plan& plan) const;

  PlannerOptions options_;
  catalog::Catalog& catalog_;
  const SharedCounter& generation_;
  Memo memo_;
};

}  // namespace bhashatts::engine
