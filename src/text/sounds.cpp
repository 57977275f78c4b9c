#include "text/sounds.h"

#include <utility>

#include "text/characters.h"
#include "text/letters.h"
#include "text/utf8.h"

namespace bhashatts::text {
namespace {

// Hindi, Gujarati and Punjabi, among others, do not say the a that their spelling leaves to the
// last consonant of a word.
bool drops_last_a(Script script) {
  return script == Script::devanagari || script == Script::gujarati || script == Script::gurmukhi ||
         script == Script::bengali;
}

bool is_vowel(Sound sound) { return sound <= Sound::o; }

class Reading {
 public:
  void take(char32_t c) {
    if (is_letter(c) || is_indic(script_of(c))) {
      take_letter(c);
    } else if (is_digit(c)) {
      take_digit();
    } else if (!is_joiner(c)) {
      end_word();
    }
  }

  std::vector<Sound> finish() && {
    end_word();
    return std::move(sounds_);
  }

 private:
  void take_letter(char32_t c) {
    if (const auto consonant = indic_consonant(c)) {
      say_pending_a();
      say_consonant(sound_of(c, *consonant), script_of(c));
      last_ = c;
      silenced_ = 0;
      pending_a_ = is_letter(c) && !is_chillu(c);
      drops_last_a_ = drops_last_a(script_of(c));
    } else if (const auto vowel = indic_vowel(c)) {
      if (is_letter(c)) say_pending_a();
      pending_a_ = false;
      say_vowel(*vowel);
    } else if (is_virama(c)) {
      pending_a_ = false;
      soft_ = false;
      silenced_ = last_;
    } else if (is_digit(c)) {
      take_digit();
    } else if (const auto latin = latin_sound(c)) {
      sounds_.push_back(*latin);
    }
  }

  // Malayalam writes its alveolar stop as RRA RRA, and, voiced behind N, as RRA alone.
  Sound sound_of(char32_t c, Sound usual) {
    if (c != kMalayalamRra || silenced_ == 0) return usual;
    if (silenced_ == kMalayalamNa) return Sound::voiced_stop;
    if (silenced_ == kMalayalamRra) sounds_.back() = Sound::stop;
    return silenced_ == kMalayalamRra ? Sound::stop : usual;
  }

  // A Malayalam stop between vowels is voiced, or nearly; a doubled one is not.
  void say_consonant(Sound sound, Script script) {
    soft_ = script == Script::malayalam && sound == Sound::stop && !sounds_.empty() &&
            (is_vowel(sounds_.back()) || sounds_.back() == Sound::nasal);
    sounds_.push_back(sound);
  }

  void say_vowel(Sound sound) {
    if (std::exchange(soft_, false)) sounds_.back() = Sound::voiced_stop;
    sounds_.push_back(sound);
  }

  // Some syllables as of a number.
  void take_digit() {
    end_word();
    sounds_.insert(sounds_.end(), {Sound::stop, Sound::aa, Sound::nasal, Sound::e});
  }

  void say_pending_a() {
    if (std::exchange(pending_a_, false)) say_vowel(Sound::a);
  }

  void end_word() {
    soft_ = false;
    silenced_ = 0;
    if (drops_last_a_) pending_a_ = false;
    say_pending_a();
  }

  std::vector<Sound> sounds_;
  char32_t last_ = 0;       // consonant
  char32_t silenced_ = 0;   // the consonant that a virama has just robbed of its a
  bool pending_a_ = false;  // a consonant has its a until something takes it away
  bool drops_last_a_ = false;
  bool soft_ = false;  // the last sound is a stop that a vowel will voice
};

}  // namespace

std::vector<Sound> sounds(std::string_view utf8) {
  Reading reading;
  for (std::size_t at = 0; at < utf8.size();) reading.take(decode(utf8, at));
  return std::move(reading).finish();
}

}  // namespace bhashatts::text
