// rooms: base audio
// Parts of any rate, length, loudness and pause: joined, they stand in order, pauses are silent,
// the length adds up, and every format can be made of them.
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <vector>

#include "audio/codec.h"
#include "audio/join.h"
#include "bhashatts/error.h"

namespace {

using bhashatts::AudioFormat;
using bhashatts::audio::Joined;
using bhashatts::audio::Part;
using bhashatts::audio::Pcm;

constexpr std::array<std::uint32_t, 8> kRates{8'000,  11'025, 16'000, 22'050,
                                              24'000, 44'100, 47'999, 96'000};
constexpr std::size_t kMostParts = 4;
constexpr std::size_t kMostSamples = 3'000;  // of a part
constexpr std::size_t kMostEncoded = 6'000;  // Opus takes 1 ms for a thousand

void must(bool holds) {
  if (!holds) std::abort();
}

class Bytes {
 public:
  explicit Bytes(std::span<const std::uint8_t> bytes) : left_(bytes) {}

  bool empty() const { return left_.empty(); }
  unsigned next() {
    if (left_.empty()) return 0;
    const unsigned byte = left_.front();
    left_ = left_.subspan(1);
    return byte;
  }

 private:
  std::span<const std::uint8_t> left_;
};

// A few bytes, repeated at a loudness of their own: long parts from short inputs.
Pcm part_of(Bytes& bytes) {
  Pcm pcm{.sample_rate = kRates[bytes.next() % kRates.size()], .samples = {}};
  const std::size_t count = bytes.next() * 256 + bytes.next();
  const unsigned shift = bytes.next() % 16;
  std::array<std::int16_t, 8> pattern{};
  for (auto& sample : pattern) {
    sample = static_cast<std::int16_t>(static_cast<std::int8_t>(bytes.next()) * 258 >> shift);
  }
  for (std::size_t i = 0; i < count % kMostSamples; ++i) pcm.samples.push_back(pattern[i % 8]);
  return pcm;
}

void must_be_silent(const Joined& joined, std::size_t begin, std::size_t end) {
  for (std::size_t i = begin; i < end; ++i) must(joined.pcm.samples[i] == 0);
}

void must_add_up(const Joined& joined, std::span<const Part> parts) {
  must(joined.places.size() == parts.size());
  std::size_t next = 0;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const auto [begin, end] = joined.places[i];
    must(begin == next && end > begin);
    const auto pause = parts[i].pause_after_ms * joined.pcm.sample_rate;
    next = end + static_cast<std::size_t>((pause + 500) / 1000);
    must(next <= joined.pcm.samples.size());
    must_be_silent(joined, end, next);
  }
  must(next == joined.pcm.samples.size());
}

void must_encode(const Pcm& pcm) {
  if (pcm.samples.size() > kMostEncoded) return;
  for (const AudioFormat format : {AudioFormat::opus, AudioFormat::mp3}) {
    const auto bytes = bhashatts::audio::encode(pcm, format);
    must(bhashatts::audio::sniff(bytes.span()) == format);
    const auto late = bhashatts::audio::decode(bytes.span()).duration_ms() - pcm.duration_ms();
    must(late >= -1 && late <= 1);
  }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  Bytes bytes({data, size});
  std::vector<Pcm> pcms;
  std::vector<std::int64_t> pauses;
  while (!bytes.empty() && pcms.size() < kMostParts) {
    pauses.push_back(static_cast<std::int64_t>(bytes.next()) - 1);
    pcms.push_back(part_of(bytes));
  }
  std::vector<Part> parts;
  for (std::size_t i = 0; i < pcms.size(); ++i) parts.push_back({&pcms[i], pauses[i]});
  try {
    const Joined joined = bhashatts::audio::join(parts);
    must_add_up(joined, parts);
    must_encode(joined.pcm);
  } catch (const bhashatts::Error& error) {
    must(error.code() == bhashatts::ErrorCode::bad_audio);
  }
  return 0;
}
