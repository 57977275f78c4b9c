#include "engine/gate.h"

namespace bhashatts::engine {

Gate::Passed Gate::pass(const std::string&, const Plan&, const Utterance&,
                        std::span<const std::byte> audio) {
  return {.pcm = std::make_shared<const audio::Pcm>(audio::decode(audio)), .pace = {}};
}

}  // namespace bhashatts::engine
