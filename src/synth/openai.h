// POST /v1/audio/speech, as the many servers that call themselves OpenAI-compatible have it.
#pragma once

#include <cstdint>
#include <memory>
#include <string>

#include "synth/upstream.h"

namespace bhashatts::synth {

// Where the voice description goes: servers of Parler-TTS take it as `voice`, others as
// `instructions` beside the name of a voice.
enum class DescriptionAs { voice, instructions, both, nothing };

struct OpenAiOptions {
  // url: ".../audio/speech" verbatim, ".../v1" or a server's root with the rest added.
  UpstreamOptions upstream;
  DescriptionAs description_as = DescriptionAs::voice;
  std::string voice = {};      // sent unless the description takes its place
  std::string format = "wav";  // response_format: wav, flac, mp3, opus, pcm
  std::uint32_t pcm_rate = 0;  // Hz of headerless 16-bit little-endian mono; only then, and only
                               // for pcm, is an answer without a header taken for audio
};

// Does no I/O. Raises config_invalid for a URL that cannot be, a format that is unknown, pcm
// without a rate.
std::shared_ptr<Synthesizer> make_openai(OpenAiOptions options,
                                         std::shared_ptr<net::Transport> transport);

}  // namespace bhashatts::synth
