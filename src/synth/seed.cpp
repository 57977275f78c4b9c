#include "synth/seed.h"

#include <string>

#include "base/hash.h"

namespace bhashatts::synth {

std::int64_t seed_of(const SynthesisRequest& request) {
  std::string fields(request.text);
  fields += '\0';
  fields += request.description;
  fields += '\0';
  fields += std::to_string(request.take) + ',' + std::to_string(request.attempt);
  return static_cast<std::int64_t>(xxh3_64(fields) & 0x7FFF'FFFFU);
}

}  // namespace bhashatts::synth
