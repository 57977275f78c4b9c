// rooms: base voices config
//
// Any bytes are a stories file or stories_invalid; what is accepted has what a prewarm relies on.
#include <sstream>
#include <string>

#include "bhashatts/error.h"
#include "bhashatts/stories.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::istringstream in(std::string(reinterpret_cast<const char*>(data), size));
  try {
    for (const bhashatts::Story& story : bhashatts::read_stories(in)) {
      if (story.story_id.empty()) __builtin_trap();
    }
  } catch (const bhashatts::Error& error) {
    if (error.code() != bhashatts::ErrorCode::stories_invalid) __builtin_trap();
  }
  return 0;
}
