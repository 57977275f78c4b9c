// Where each place of a spoken text stood in the text as it was sent: for timings that highlight
// what a reader sees.
//
// Thread rule: values and pure functions; any thread.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <vector>

namespace bhashatts::text {

// A place in the text as it was sent, counted in two ways.
struct SentOffset {
  std::uint32_t code_points = 0;
  std::uint32_t utf16 = 0;  // code units, as browsers count
};

// For each code point of `spoken` and for its end, where it begins in `sent` (what spoken_text()
// made `spoken` of). Not decreasing. Characters that were dropped belong to what stands before
// them; of several that became one, or one that became several, the first place counts. Linear in
// work.
std::vector<SentOffset> sent_offsets(std::string_view sent, std::string_view spoken);

}  // namespace bhashatts::text
