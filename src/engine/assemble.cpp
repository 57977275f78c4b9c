#include "engine/assemble.h"

#include <algorithm>
#include <vector>

#include "audio/join.h"
#include "base/hash.h"

namespace bhashatts::engine {
namespace {

struct Joined {
  audio::Pcm pcm;
  std::vector<UtterancePlace> places;
};

std::int64_t to_ms(std::size_t samples, std::uint32_t rate) {
  return static_cast<std::int64_t>((samples * 1'000 + rate / 2) / rate);
}

// What comes next begins a whole pause later, so that pauses can be told from places.
std::vector<UtterancePlace> places_of(const audio::Joined& joined,
                                      std::span<const audio::Part> parts) {
  std::vector<UtterancePlace> places;
  std::int64_t start = to_ms(joined.places.front().begin, joined.pcm.sample_rate);
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const std::int64_t end = to_ms(joined.places[i].end, joined.pcm.sample_rate);
    places.push_back({start, std::max(start, end)});
    start = places.back().end_ms + parts[i].pause_after_ms;
  }
  return places;
}

Joined join(std::span<const Master> masters, std::span<const std::int64_t> pauses) {
  std::vector<audio::Pcm> samples;
  samples.reserve(masters.size());
  for (const Master& master : masters) samples.push_back(master.samples());
  std::vector<audio::Part> parts;
  for (std::size_t i = 0; i < samples.size(); ++i) {
    parts.push_back({&samples[i], i < pauses.size() ? pauses[i] : 0});
  }
  audio::Joined joined = audio::join(parts);
  auto places = places_of(joined, parts);
  return {std::move(joined.pcm), std::move(places)};
}

// A master is its own FLAC: the same samples, encoded once.
SharedBytes encoded(const audio::Pcm& pcm, AudioFormat format, std::span<const Master> masters) {
  if (format == AudioFormat::flac && masters.size() == 1) return masters.front().flac;
  return audio::encode(pcm, format);
}

void describe(AudioMetadata& metadata, const SharedBytes& bytes, const audio::Pcm& pcm) {
  metadata.sample_rate = pcm.sample_rate;
  metadata.duration_ms = pcm.duration_ms();
  metadata.size_bytes = bytes.size();
  metadata.checksum = xxh3_64(bytes.span());
}

void add_up(AudioMetadata& metadata, std::span<const Master> others) {
  for (const Master& master : others) {
    metadata.take = std::max(metadata.take, master.metadata->take);
    metadata.generation_time_ms += master.metadata->generation_time_ms;
    metadata.generation_cost_micro_usd += master.metadata->generation_cost_micro_usd;
  }
}

}  // namespace

CacheEntry assemble(const Key& speech_key, AudioFormat format, std::span<const Master> masters,
                    std::span<const std::int64_t> pauses) {
  Joined joined = join(masters, pauses);
  const SharedBytes bytes = encoded(joined.pcm, format, masters);
  AudioMetadata metadata = *masters.front().metadata;
  metadata.key = speech_key;
  metadata.format = format;
  metadata.utterances = static_cast<std::int32_t>(masters.size());
  metadata.places = std::move(joined.places);
  describe(metadata, bytes, joined.pcm);
  add_up(metadata, masters.subspan(1));
  return {bytes, std::make_shared<const AudioMetadata>(std::move(metadata))};
}

CacheEntry piece_of(const Master& master, AudioFormat format) {
  if (format == AudioFormat::flac) return {master.flac, master.metadata};
  const audio::Pcm pcm = master.samples();
  const SharedBytes bytes = audio::encode(pcm, format);
  AudioMetadata metadata = *master.metadata;
  metadata.format = format;
  describe(metadata, bytes, pcm);
  return {bytes, std::make_shared<const AudioMetadata>(std::move(metadata))};
}

}  // namespace bhashatts::engine
