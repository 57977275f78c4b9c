#include "engine/assemble.h"

#include <algorithm>

#include "base/hash.h"
#include "bhashatts/error.h"

namespace bhashatts::engine {
namespace {

// Sample rates of one synthesizer agree; a page in two rates would be two synthesizers' work.
audio::Pcm join(std::span<const Master> masters) {
  audio::Pcm joined = masters.front().samples();
  for (const Master& master : masters.subspan(1)) {
    const audio::Pcm part = master.samples();
    if (part.sample_rate != joined.sample_rate) {
      throw Error(ErrorCode::bad_audio, "utterances of one page differ in sample rate");
    }
    joined.samples.insert(joined.samples.end(), part.samples.begin(), part.samples.end());
  }
  return joined;
}

SharedBytes encode_joined(AudioFormat format, std::span<const Master> masters) {
  if (format == AudioFormat::flac && masters.size() == 1) return masters.front().flac;
  return audio::encode(join(masters), format);
}

}  // namespace

void require_encodable(AudioFormat format) {
  if (format == AudioFormat::wav || format == AudioFormat::flac) return;
  throw Error(ErrorCode::not_supported, "format " + std::string(name(format)) +
                                            " is not made by this version; ask for wav or flac");
}

CacheEntry assemble(const Key& speech_key, AudioFormat format, std::span<const Master> masters) {
  const SharedBytes bytes = encode_joined(format, masters);
  AudioMetadata metadata = *masters.front().metadata;
  metadata.key = speech_key;
  metadata.format = format;
  metadata.size_bytes = bytes.size();
  metadata.checksum = xxh3_64(bytes.span());
  metadata.utterances = static_cast<std::int32_t>(masters.size());
  for (const Master& master : masters.subspan(1)) {
    metadata.duration_ms += master.metadata->duration_ms;
    metadata.take = std::max(metadata.take, master.metadata->take);
    metadata.generation_time_ms += master.metadata->generation_time_ms;
    metadata.generation_cost_micro_usd += master.metadata->generation_cost_micro_usd;
  }
  return {bytes, std::make_shared<const AudioMetadata>(std::move(metadata))};
}

}  // namespace bhashatts::engine
