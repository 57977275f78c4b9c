// Audio and requests for tests of upstream synthesizers.
#pragma once

#include <chrono>
#include <string>
#include <string_view>
#include <vector>

#include "bhashatts/synthesizer.h"
#include "tests/audio/sounds.h"

namespace bhashatts::testing {

inline std::string wav_chars(std::size_t samples = 2'000, std::uint32_t rate = 22'050) {
  return std::string(audio::encode(tone(samples, rate), AudioFormat::wav).chars());
}

inline std::string flac_chars(std::size_t samples = 2'000) {
  return std::string(audio::encode(tone(samples), AudioFormat::flac).chars());
}

// As an encoder leaves it that writes to a pipe: neither a length nor a checksum.
inline std::string streamed_flac(std::size_t samples) {
  std::string flac = flac_chars(samples);
  flac[21] = static_cast<char>(flac[21] & 0xF0);
  flac.replace(22, 4, 4, '\0');
  flac.replace(26, 16, 16, '\0');
  return flac;
}

inline std::string base64_of(std::string_view bytes) {
  constexpr std::string_view kLetters =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
  std::string text;
  for (std::size_t i = 0; i < bytes.size(); i += 3) {
    std::uint32_t bits = 0;
    for (std::size_t j = 0; j < 3; ++j) {
      const unsigned char byte =
          i + j < bytes.size() ? static_cast<unsigned char>(bytes[i + j]) : 0;
      bits = (bits << 8U) | byte;
    }
    const std::size_t used = std::min<std::size_t>(3, bytes.size() - i);
    for (std::size_t j = 0; j < 4; ++j) {
      text += j <= used ? kLetters[(bits >> (18 - 6 * j)) & 63U] : '=';
    }
  }
  return text;
}

inline SynthesisRequest speak(std::string_view text = "नमस्ते", int patience_ms = 10'000) {
  SynthesisRequest request;
  request.text = text;
  request.language = "HINDI";
  request.voice_style = "calm";
  request.description = "Divya speaks softly.";
  request.deadline = std::chrono::steady_clock::now() + std::chrono::milliseconds(patience_ms);
  return request;
}

// The Error that `call` raised; one with the code `ok` when it raised none.
template <typename Call>
Error error_from(const Call& call) {
  try {
    call();
  } catch (const Error& error) {
    return error;
  }
  return {ErrorCode::ok, "nothing was raised"};
}

}  // namespace bhashatts::testing
