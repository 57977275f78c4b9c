// A synthesizer that does as it is told: speaks what the gate takes for speech, other audio for
// every identity, and fails, waits or lies on demand.
//
// Thread rule: any thread. After fork the child goes on with a copy of the script.
#pragma once

#include <condition_variable>
#include <cstdint>
#include <deque>
#include <filesystem>
#include <functional>
#include <mutex>
#include <string>

#include "bhashatts/error.h"
#include "bhashatts/synthesizer.h"

namespace bhashatts::testing {

struct FakeVoice {
  std::string identity = "fake/voice@1";
  std::string upstream = {};
  SynthesizerLimits limits{.max_aksharas = 0, .concurrency = 4, .max_cost_micro_usd = 0};
  std::int64_t cost_micro_usd = 0;  // of a call that succeeds
  std::int64_t compute_ms = 7;
  std::size_t samples = 0;  // at least: see fake_speech.h
  bool heeds_stop = true;   // while it is held
  // Where every call, of whatever process, leaves one byte; empty: nowhere.
  std::filesystem::path tally = {};
};

class FakeSynthesizer : public Synthesizer {
 public:
  explicit FakeSynthesizer(FakeVoice voice = {}) : voice_(std::move(voice)) {}

  std::string identity() const override { return voice_.identity; }
  std::string upstream() const override { return voice_.upstream; }
  SynthesizerLimits limits() const override { return voice_.limits; }
  SynthesisResult synthesize(const SynthesisRequest& request) override;
  SynthesizerStatus status() override;
  void set_status(SynthesizerStatus status);

  // What the next calls do instead of speaking, one call each.
  void fail_next(const Error& error, int calls = 1);
  void raise_nonsense_next();  // something that is no exception
  void raise_foreign_next();   // a std::runtime_error
  void answer_next(std::string bytes);

  // Calls wait from now on, until release().
  void hold();
  void release();
  // Returns when so many calls have begun since the beginning.
  void await_calls(int calls);

  int calls() const;
  int most_at_once() const;
  std::string last_text() const;

 private:
  using Act = std::function<SynthesisResult()>;
  void enter(const SynthesisRequest& request);
  void wait_for_release(const SynthesisRequest& request);
  Act next_act();

  const FakeVoice voice_;
  mutable std::mutex mutex_;
  std::condition_variable_any changed_;
  std::deque<Act> acts_;
  SynthesizerStatus status_;
  std::string last_text_;
  bool held_ = false;
  int calls_ = 0;
  int at_once_ = 0;
  int most_at_once_ = 0;
};

// A WAV file that speaks the text, as far as the gate can tell; at_least: see fake_speech.h. Other
// arguments give other bytes.
std::string fake_wav(std::string_view text, std::size_t at_least = 0);

// Bytes in a tally file: calls of all processes.
std::int64_t tallied(const std::filesystem::path& tally);

}  // namespace bhashatts::testing
