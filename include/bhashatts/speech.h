// What is asked and what comes back.
//
// Thread rule: both are values. A request's views must outlive the call that it is passed to.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <stop_token>
#include <string_view>

#include "bhashatts/audio.h"
#include "bhashatts/bytes.h"
#include "bhashatts/voices.h"

namespace bhashatts {

// Where a speech came from.
enum class Origin : std::uint8_t {
  memory = 1,
  lmdb = 2,
  redis = 3,
  blob = 4,         // from the permanent store, decoded or re-encoded for nothing
  joined = 5,       // waited for a synthesis that another caller or process began
  synthesized = 6,  // this call made it, and paid if it costs
  tier = 7,         // a tier of the host's own (Parts::tiers)
};
BHASHATTS_API std::string_view name(Origin origin) noexcept;
inline constexpr std::size_t kOrigins = 7;

struct SpeechRequest {
  std::string_view text;  // UTF-8
  std::string_view language = kDefaultLanguage;
  std::string_view voice_style = {};  // empty: Config::default_voice_style
  AudioFormat format = AudioFormat::wav;
  // How long this caller waits; nothing: Config::default_timeout_ms. When it is over the call
  // raises deadline_exceeded, the paid work goes on, and the next call gets a hit.
  std::optional<std::chrono::milliseconds> timeout = {};
  std::stop_token stop = {};       // this caller leaves: raises cancelled
  std::string_view user_id = {};   // for the usage log
  std::string_view story_id = {};  // links the speech to a page
  std::int32_t page_number = 0;    // from 1; 0: no page
  // Whether the next voice of Config::fallback may speak when the first one cannot. Off where the
  // first voice alone will do, as in a prewarm.
  bool allow_fallback = true;
};

class Speech {
 public:
  Speech(SharedBytes audio, std::shared_ptr<const AudioMetadata> metadata, Origin origin,
         bool fallback = false)
      : audio_(std::move(audio)),
        metadata_(std::move(metadata)),
        origin_(origin),
        fallback_(fallback) {}

  // The encoded audio, zero-copy; readable for as long as a copy of it lives.
  const SharedBytes& audio() const noexcept { return audio_; }
  const AudioMetadata& metadata() const noexcept { return *metadata_; }
  Origin origin() const noexcept { return origin_; }

  // Whether it was there already: true unless this call, or one it waited for, synthesised.
  bool cached() const noexcept {
    return origin_ != Origin::synthesized && origin_ != Origin::joined;
  }
  // Whether another voice of Config::fallback speaks in place of the first one. It is the same for
  // the whole speech, has a key of its own, and gives way to the first voice when that is back.
  bool fallback() const noexcept { return fallback_; }
  const Key& cache_key() const noexcept { return metadata_->key; }
  // What this call paid, in micro-dollars.
  std::int64_t cost_micro_usd() const noexcept {
    return origin_ == Origin::synthesized ? metadata_->generation_cost_micro_usd : 0;
  }

 private:
  SharedBytes audio_;
  std::shared_ptr<const AudioMetadata> metadata_;
  Origin origin_;
  bool fallback_ = false;
};

}  // namespace bhashatts
