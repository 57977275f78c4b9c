// What a piece of audio is, by its first bytes.
#pragma once

#include <cstddef>
#include <optional>
#include <span>

#include "bhashatts/audio.h"

namespace bhashatts::audio {

// The containers that we hand to libsndfile. It reads some twenty more, of samplers and of
// machines long gone; every parser that stays closed to bytes from the network is one less to
// trust. Ogg is let in for Opus only: libsndfile 1.2.0 leaks 5.8 KB with each damaged Vorbis
// header (found by tests/fuzz), and Vorbis comes only from servers asked for it.
enum class Container { wav, flac, opus, mp3, aiff };

std::optional<Container> recognise(std::span<const std::byte> bytes) noexcept;

// The bytes behind any ID3v2 tags. libsndfile would skip a tag too, but then take whatever format
// follows it, past the choice above.
std::span<const std::byte> without_id3(std::span<const std::byte> bytes) noexcept;

}  // namespace bhashatts::audio
