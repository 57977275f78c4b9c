// What is wrong with the timings of a page, read as a stranger reads them: from what was sent, what
// was heard, and the two files.
//
// Thread rule: pure functions.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "bhashatts/timings.h"

namespace bhashatts::testing {

// sent: the text as it was sent; spoken: its utterances in order. Nothing where the timings cover
// the text without gaps, in code points and in UTF-16, lie in order within the audio, end where it
// ends, and are the same as JSON and as WebVTT.
std::vector<std::string> faults_of_timings(const Timings& timings, std::string_view sent,
                                           const std::vector<std::string>& spoken);

}  // namespace bhashatts::testing
