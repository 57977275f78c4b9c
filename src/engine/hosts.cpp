#include "engine/hosts.h"

#include <utility>

namespace bhashatts::engine {

Hosts::Hosts(std::shared_ptr<redis::Redis> redis, const std::string& name_space)
    : redis_(std::move(redis)) {
  if (!redis_) return;
  leases_.emplace(redis_, name_space);
  budget_.emplace(redis_, name_space);
}

std::optional<Hosts::Turn> Hosts::try_turn(const Key& utterance) {
  if (!leases_) return Turn{};
  auto lease = leases_->try_take(utterance.hex());
  if (!lease) return std::nullopt;
  return Turn{std::move(lease)};
}

std::optional<Error> Hosts::trouble() const { return redis_ ? redis_->trouble() : std::nullopt; }

}  // namespace bhashatts::engine
