// NFC of the few places of a text that need it.
//
// Thread rule: one Composer per thread.
#pragma once

#include <utf8proc.h>

#include <cstddef>
#include <string>
#include <vector>

namespace bhashatts::text {

class Composer {
 public:
  // Replaces everything from `from` on by its NFC. The work is O(n log n) whatever the text: marks
  // are put in order here, since utf8proc's own exchange sort takes quadratic time on a hostile
  // heap of them (20,000 bytes of two marks in turn: 320 ms against 0.7 ms).
  void compose_tail(std::u32string& text, std::size_t from);

 private:
  void decompose(const std::u32string& text, std::size_t from);
  void order_marks();
  void order_run(std::size_t from, std::size_t to);

  std::vector<utf8proc_int32_t> scratch_;
};

}  // namespace bhashatts::text
