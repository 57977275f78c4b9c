// What a code point is to a reader aloud: what aksharas, sounds and the length of speech are read
// from. India's nine blocks follow one order (that of ISCII), so a letter's place in its block says
// what it is in all of them.
//
// Thread rule: pure functions; any thread.
#pragma once

#include <optional>

#include "base/sound.h"
#include "text/script.h"

namespace bhashatts::text {

bool is_letter(char32_t c) noexcept;  // of any script
bool is_digit(char32_t c) noexcept;   // decimal, of any script
bool is_virama(char32_t c) noexcept;
bool is_chillu(char32_t c) noexcept;       // Malayalam's consonants without a vowel
bool is_long_vowel(char32_t c) noexcept;   // letter or sign
bool is_coda(char32_t c) noexcept;         // anusvara and its kin, addak: closes an akshara
bool is_latin_vowel(char32_t c) noexcept;  // y is one, accents make no difference

// The roles of UAX #29's GB9c; and Gurmukhi and Kannada: see aksharas.h.
bool is_joining_consonant(char32_t c) noexcept;
bool is_linker(char32_t c) noexcept;

// Consonants by themselves, vowels as letter or sign; nothing for what has no sound of its own.
std::optional<Sound> indic_consonant(char32_t c) noexcept;
std::optional<Sound> indic_vowel(char32_t c) noexcept;
std::optional<Sound> latin_sound(char32_t c) noexcept;

}  // namespace bhashatts::text
