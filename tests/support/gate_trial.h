// Pages of one language through the gate: spoken by espeak-ng, some to teach it the voice, others
// to be judged, whole and damaged.
#pragma once

#include <array>
#include <string>
#include <vector>

#include "tests/support/damaged_speech.h"

namespace bhashatts::testing {

struct GateTrial {
  int pages = 0;
  int accepted = 0;       // of a voice that is known
  int accepted_cold = 0;  // of one that is not
  std::array<int, kDamages> refused{};
  std::vector<std::string> refusals;  // of whole pages: which, and why

  int refused_in_all() const {
    int sum = 0;
    for (const int count : refused) sum += count;
    return sum;
  }
  void add(const GateTrial& other);
};

// pages: spoken text. Judges `count` of them, spread evenly, each also with the next page's audio;
// as many others as a catalog keeps teach before that.
GateTrial try_gate(const std::string& language, const std::vector<std::string>& pages,
                   std::size_t count);

}  // namespace bhashatts::testing
