// The sounds of speech, as coarsely as they can be told apart in any voice by how loud they are
// low, in the middle and high: what a text makes us expect (text/sounds.h), and what audio is held
// against (audio/likeness.h).
#pragma once

#include <cstddef>
#include <cstdint>

namespace bhashatts {

enum class Sound : std::uint8_t {
  a,  // short, as in the letter KA
  aa,
  i,
  u,
  e,
  o,
  stop,              // k, t, p
  voiced_stop,       // g, d, b
  affricate,         // c
  voiced_affricate,  // j
  sibilant,
  nasal,
  liquid,  // r, l
  h,
  y,
  v,
};
inline constexpr std::size_t kSounds = 16;

}  // namespace bhashatts
