// A synthesizer whose calls are counted by a file that all processes share, and whose audio says
// what it is: its first samples hold the text's hash, the take and a number that no other synthesis
// has. So a test can tell that a speech speaks its text, and that two speeches are one synthesis.
//
// Thread rule: as Synthesizer.
#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "bhashatts/engine.h"
#include "bhashatts/synthesizer.h"

namespace bhashatts::testing {

// 16 hexadecimal digits that stand for a text in counter files and acknowledgements.
std::string text_id(std::string_view text);
std::string audio_hash(const SharedBytes& audio);

// What a speech says about itself; nothing for audio that no CountedSynthesizer made.
struct Spoken {
  std::string text_id;
  std::int32_t take = 0;
};
std::optional<Spoken> spoken_by(const SharedBytes& audio);
bool speaks(const Speech& speech, std::string_view text);

struct CountedOptions {
  std::filesystem::path counter = {};    // one line is appended for each call
  std::filesystem::path gate = {};       // calls wait until this file is there; empty: never
  std::int64_t price_micro_usd = 0;      // of each call
  std::int64_t bound_micro_usd = 0;      // of each call; 0: its price
  std::int32_t concurrency = 4;          //
  std::int32_t max_aksharas = 0;         // of an utterance; 0: as many as there are
  std::size_t samples = 0;               // at least: see tests/support/fake_speech.h
  std::function<void()> meanwhile = {};  // called in each call, after it was counted
};

class CountedSynthesizer final : public Synthesizer {
 public:
  explicit CountedSynthesizer(CountedOptions options) : options_(std::move(options)) {}

  std::string identity() const override { return "counted 1"; }
  SynthesizerLimits limits() const override;
  SynthesisResult synthesize(const SynthesisRequest& request) override;
  SynthesizerStatus status() override { return {SynthesizerState::ready, "counted", ""}; }

 private:
  void count(const SynthesisRequest& request) const;
  void wait_for_gate(const SynthesisRequest& request) const;

  CountedOptions options_;
};

// Everything else as configured.
Parts counted_parts(const CountedOptions& options);

// The lines of a counter file, as they are when it is made or read again.
class Counter {
 public:
  struct Call {
    pid_t pid = 0;
    std::int32_t take = 0;
    std::string text_id;
  };
  using Utterance = std::pair<std::string, std::int32_t>;  // text id and take

  explicit Counter(std::filesystem::path file) : file_(std::move(file)) {}

  std::vector<Call> calls() const;
  std::map<Utterance, int> by_utterance() const;
  std::size_t total() const { return calls().size(); }
  // Waits until there are as many (a minute at most). Returns how many there are.
  std::size_t await(std::size_t count) const;

 private:
  std::filesystem::path file_;
};

}  // namespace bhashatts::testing
