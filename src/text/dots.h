// What a single dot is: the end of a sentence, or part of a number, an abbreviation, an address.
//
// Thread rule: a value; one thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace bhashatts::text {

class Dots {
 public:
  Dots(std::string_view text, std::string_view language) : text_(text), language_(language) {}

  // Whether the dot at `dot` ends no sentence. `word` is where the word before it begins, behind
  // any earlier dot, `piece` where the sentence does. To be asked of each single dot, in order.
  bool is_within(std::size_t dot, std::size_t word, std::size_t piece);

 private:
  bool is_number(std::size_t dot, std::size_t word, std::size_t piece) const;
  bool is_address(std::size_t dot) const;
  bool is_abbreviation(std::size_t dot, std::size_t word) const;
  bool next_chains(std::size_t dot) const;
  bool number_follows(std::size_t dot) const;

  std::string_view text_;
  std::string_view language_;
  std::size_t chain_ = 0;  // behind the last dot that was within a sentence
};

}  // namespace bhashatts::text
