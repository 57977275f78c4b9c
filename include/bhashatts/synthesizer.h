// The first seam: what turns one utterance into audio.
//
// Thread rule: synthesize() is called by several of the engine's workers at once, up to
// limits().concurrency; the other members may be called from any thread at any time. After fork the
// child calls the same object: keep no threads or connections that do not survive it, or detect it.
#pragma once

#include <chrono>
#include <cstdint>
#include <stop_token>
#include <string>
#include <string_view>

#include "bhashatts/bytes.h"
#include "bhashatts/export.h"

namespace bhashatts {

struct SynthesisRequest {
  std::string_view text;         // spoken text: valid UTF-8, NFC, never empty
  std::string_view language;     // a name of the registry, e.g. "HINDI"
  std::string_view voice_style;  // "storyteller", "calm", "enthusiastic"
  std::string_view description;  // the English caption that steers Parler-TTS
  std::int32_t take = 0;         // take > 0: an earlier take was rejected, so this one must differ
  std::int32_t attempt = 0;  // attempt > 0: the one before failed or was refused by the gate, so
                             // an answer that the upstream keeps in a cache will not do
  std::chrono::steady_clock::time_point deadline;
  std::stop_token stop;  // the engine is closing: return soon, by raising cancelled
};

struct SynthesisResult {
  SharedBytes audio;                // in any format that the engine can decode
  std::int64_t compute_ms = 0;      // billed time, where known; else the measured attempt
  std::int64_t cost_micro_usd = 0;  // what this attempt cost, in millionths of a US dollar; at most
                                    // a million dollars
  std::string request_id = {};      // the upstream's name for this call, for the ledger and logs
  std::string model_revision = {};  // what the upstream says that it ran (x-sha); may be empty
};

struct SynthesizerLimits {
  std::int32_t max_aksharas = 0;        // longest utterance; 0: any length
  std::int32_t concurrency = 1;         // calls at once that the upstream bears
  std::int64_t max_cost_micro_usd = 0;  // upper bound of one attempt; 0: it is free
};

enum class SynthesizerState {
  ready,
  loading,       // will be ready by itself: see ready_in
  unreachable,   // no answer from where it should be
  unauthorized,  // no token, or one that is refused
  not_served,    // there is an upstream, but it does not serve this model
  no_credits,    // the account has no credits left
  unavailable,   // anything else; the message says what
};
// "ready", "loading", ...: for JSON and logs.
BHASHATTS_API std::string_view name(SynthesizerState state) noexcept;

struct SynthesizerStatus {
  SynthesizerState state = SynthesizerState::ready;
  std::string model = {};                 // for people
  std::string message = {};               // what is wrong and what to do; empty when ready
  std::chrono::milliseconds ready_in{0};  // loading: the upstream's estimate; 0: it gave none
};

class Synthesizer {
 public:
  virtual ~Synthesizer() = default;

  // Voice model and its configured revision: part of every key. Never how it is reached, so that
  // moving from one host to another buys nothing again. Must not change while an engine uses it,
  // and must not do I/O.
  virtual std::string identity() const = 0;
  // What it reaches, as an opaque name: processes of a host whose synthesizers give the same name
  // share its limit of calls at once and its circuit breaker. Another token makes another name.
  // Empty: it reaches nothing that others share.
  virtual std::string upstream() const { return {}; }
  virtual SynthesizerLimits limits() const = 0;

  // One attempt: blocks until the audio is there. Raises Error (4xx, 5xx or cancelled); anything
  // else that it raises becomes plugin_failed. Retries are the engine's business, so that every
  // attempt is one ledger entry. A failed attempt that cost money says so with Error::costing().
  virtual SynthesisResult synthesize(const SynthesisRequest& request) = 0;

  // Says how it stands without spending anything. Does not raise.
  virtual SynthesizerStatus status() = 0;
};

}  // namespace bhashatts
