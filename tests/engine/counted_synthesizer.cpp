#include "tests/engine/counted_synthesizer.h"

#include <fcntl.h>
#include <sys/random.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <thread>

#include "audio/codec.h"
#include "base/fd.h"
#include "base/hash.h"
#include "bhashatts/error.h"
#include "tests/support/fake_speech.h"

namespace bhashatts::testing {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

// In samples: four of mark, four of text hash, one of take, four of the number.
constexpr std::size_t kHeader = 13;
constexpr std::uint64_t kMark = 0x6268617368617474U;

std::string hex(std::uint64_t number) {
  std::array<char, 17> digits{};
  std::snprintf(digits.data(), digits.size(), "%016llx", static_cast<unsigned long long>(number));
  return digits.data();
}

void append(std::vector<std::int16_t>& samples, std::uint64_t number) {
  for (int i = 0; i < 4; ++i) {
    samples.push_back(static_cast<std::int16_t>(static_cast<std::uint16_t>(number >> (16 * i))));
  }
}

std::uint64_t number_at(const std::vector<std::int16_t>& samples, std::size_t at) {
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) {
    number |= std::uint64_t{static_cast<std::uint16_t>(samples[at + i])} << (16 * i);
  }
  return number;
}

std::uint64_t unique_number() {
  std::uint64_t number = 0;
  while (::getrandom(&number, sizeof number, 0) != sizeof number) {
  }
  return number;
}

// Of the seed only the number, which is enough: no two are alike.
audio::Pcm spoken(const SynthesisRequest& request, std::size_t at_least) {
  const std::uint64_t number = unique_number();
  const FakeSpeech speech = fake_speech(request.text, hex(number), at_least);
  audio::Pcm pcm{.sample_rate = speech.rate, .samples = {}};
  append(pcm.samples, kMark);
  append(pcm.samples, xxh3_64(request.text));
  pcm.samples.push_back(static_cast<std::int16_t>(request.take));
  append(pcm.samples, number);
  pcm.samples.insert(pcm.samples.end(), speech.samples.begin() + kHeader, speech.samples.end());
  return pcm;
}

}  // namespace

std::string text_id(std::string_view text) { return hex(xxh3_64(text)); }
std::string audio_hash(const SharedBytes& audio) { return hex(xxh3_64(audio.span())); }

std::optional<Spoken> spoken_by(const SharedBytes& audio) {
  const audio::Pcm pcm = audio::decode(audio.span());
  if (pcm.samples.size() < kHeader || number_at(pcm.samples, 0) != kMark) return std::nullopt;
  return Spoken{.text_id = hex(number_at(pcm.samples, 4)), .take = pcm.samples[8]};
}

bool speaks(const Speech& speech, std::string_view text) {
  const auto said = spoken_by(speech.audio());
  return said && said->text_id == text_id(text) && said->take == speech.metadata().take;
}

SynthesizerLimits CountedSynthesizer::limits() const {
  return {.max_aksharas = options_.max_aksharas,
          .concurrency = options_.concurrency,
          .max_cost_micro_usd = std::max(options_.price_micro_usd, options_.bound_micro_usd)};
}

SynthesisResult CountedSynthesizer::synthesize(const SynthesisRequest& request) {
  count(request);
  wait_for_gate(request);
  if (options_.meanwhile) options_.meanwhile();
  return {.audio = audio::encode(spoken(request, options_.samples), AudioFormat::wav),
          .compute_ms = 1,
          .cost_micro_usd = options_.price_micro_usd};
}

// One write in append mode: whole lines, also of processes that are killed.
void CountedSynthesizer::count(const SynthesisRequest& request) const {
  const std::string line = std::to_string(::getpid()) + ' ' + std::to_string(request.take) + ' ' +
                           text_id(request.text) + '\n';
  const UniqueFd fd(
      ::open(options_.counter.c_str(), O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0644));
  if (::write(fd.get(), line.data(), line.size()) != static_cast<ssize_t>(line.size())) {
    throw Error(ErrorCode::upstream_failed, "a call could not be counted");
  }
}

void CountedSynthesizer::wait_for_gate(const SynthesisRequest& request) const {
  if (options_.gate.empty()) return;
  while (::access(options_.gate.c_str(), F_OK) != 0) {
    if (request.stop.stop_requested()) throw Error(ErrorCode::cancelled, "closing", true);
    std::this_thread::sleep_for(milliseconds(1));
  }
}

Parts counted_parts(const CountedOptions& options) {
  Parts parts;
  parts.synthesizer = std::make_shared<CountedSynthesizer>(options);
  return parts;
}

std::vector<Counter::Call> Counter::calls() const {
  std::vector<Call> all;
  std::ifstream in(file_);
  for (Call call; in >> call.pid >> call.take >> call.text_id;) all.push_back(call);
  return all;
}

std::map<Counter::Utterance, int> Counter::by_utterance() const {
  std::map<Utterance, int> counts;
  for (const Call& call : calls()) ++counts[{call.text_id, call.take}];
  return counts;
}

std::size_t Counter::await(std::size_t count) const {
  const auto until = steady_clock::now() + std::chrono::minutes(1);
  while (total() < count && steady_clock::now() < until) {
    std::this_thread::sleep_for(milliseconds(1));
  }
  return total();
}

}  // namespace bhashatts::testing
