// What every synthesizer behind a network is told: where, as whom, which voice model, at what
// price.
//
// Thread rule: values.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <string>

#include "bhashatts/synthesizer.h"
#include "net/http.h"

namespace bhashatts::synth {

// All three are added up; amounts are micro-dollars, rounded up.
struct Pricing {
  std::int64_t per_second = 0;              // of compute
  std::int64_t per_million_characters = 0;  // code points of the utterance
  std::int64_t per_call = 0;                // that was accepted

  std::int64_t cost(std::chrono::milliseconds compute, std::int64_t characters) const;
};

struct UpstreamOptions {
  std::string url;  // see each synthesizer's own header
  // Sent to the URL's own origin (scheme, host, port) and nowhere else.
  std::string token = {};
  std::string model;          // "ai4bharat/indic-parler-tts": what identity() and payloads name
  std::string revision = {};  // of the model; part of identity() where it is given
  Pricing pricing = {};
  std::int32_t concurrency = 4;                        // of the whole host
  std::chrono::milliseconds attempt_timeout{120'000};  // bounds what an attempt can cost
};

// "<model>" or "<model>@<revision>": never how it is reached. manner: what else decides how it
// sounds (another function of an app, a named voice), where that is not as usual; "#<manner>".
std::string identity_of(const UpstreamOptions& options, std::string_view manner = {});
// An opaque name of URL and token, which gives away neither.
std::string upstream_of(std::string_view kind, const UpstreamOptions& options);
// max_cost_micro_usd is what the longest text (5,000 characters) costs when it takes all its time.
SynthesizerLimits limits_of(const UpstreamOptions& options);

}  // namespace bhashatts::synth
