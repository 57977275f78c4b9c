#include "engine/voice.h"

#include <algorithm>

#include "base/hash.h"

namespace bhashatts::engine {

std::optional<CallSlot> CallSlot::try_take(const Voice& voice, LockFile& locks) {
  if (voice.upstream.empty()) return CallSlot(std::nullopt);
  const std::uint64_t first = xxh3_64(std::as_bytes(std::span(voice.upstream)));
  const auto slots =
      static_cast<std::uint64_t>(std::max(1, voice.synthesizer->limits().concurrency));
  for (std::uint64_t slot = 0; slot < slots; ++slot) {
    if (auto lock = locks.try_lock(first + slot)) return CallSlot(std::move(lock));
  }
  return std::nullopt;
}

}  // namespace bhashatts::engine
