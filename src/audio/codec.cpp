#include "audio/codec.h"

#include "audio/flac_stream.h"

namespace bhashatts::audio {

std::int64_t Pcm::duration_ms() const {
  if (sample_rate == 0) return 0;
  const auto count = static_cast<std::int64_t>(samples.size());
  return (count * 1000 + sample_rate / 2) / sample_rate;
}

std::optional<std::string> flac_comment(std::span<const std::byte> bytes) {
  const auto stream = read_flac_stream(bytes);
  return stream ? stream->comment : std::nullopt;
}

}  // namespace bhashatts::audio
