// Names of the small public enumerations.
#include "bhashatts/audio.h"
#include "bhashatts/speech.h"
#include "bhashatts/synthesizer.h"

namespace bhashatts {

std::string_view name(AudioFormat format) noexcept {
  switch (format) {
    case AudioFormat::wav: return "wav";
    case AudioFormat::flac: return "flac";
    case AudioFormat::opus: return "opus";
    case AudioFormat::mp3: return "mp3";
  }
  return "unknown";
}

std::string_view media_type(AudioFormat format) noexcept {
  switch (format) {
    case AudioFormat::wav: return "audio/wav";
    case AudioFormat::flac: return "audio/flac";
    case AudioFormat::opus: return "audio/ogg";
    case AudioFormat::mp3: return "audio/mpeg";
  }
  return "application/octet-stream";
}

std::optional<AudioFormat> audio_format(std::string_view format) noexcept {
  for (const auto known : kAudioFormats) {
    if (name(known) == format) return known;
  }
  return std::nullopt;
}

std::string_view name(Origin origin) noexcept {
  switch (origin) {
    case Origin::memory: return "memory";
    case Origin::lmdb: return "lmdb";
    case Origin::redis: return "redis";
    case Origin::blob: return "blob";
    case Origin::joined: return "joined";
    case Origin::synthesized: return "synthesized";
    case Origin::tier: return "tier";
  }
  return "unknown";
}

std::string_view name(SynthesizerState state) noexcept {
  switch (state) {
    case SynthesizerState::ready: return "ready";
    case SynthesizerState::loading: return "loading";
    case SynthesizerState::unreachable: return "unreachable";
    case SynthesizerState::unauthorized: return "unauthorized";
    case SynthesizerState::not_served: return "not_served";
    case SynthesizerState::no_credits: return "no_credits";
    case SynthesizerState::unavailable: return "unavailable";
  }
  return "unavailable";
}

}  // namespace bhashatts
