// The month's budget where several hosts share it: one counter in Redis, which reservations raise
// before a call and settlements correct after it.
//
// Thread rule: any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "redis/redis.h"

namespace bhashatts::redis {

class SharedBudget {
 public:
  SharedBudget(std::shared_ptr<Redis> redis, std::string name_space);

  // Reserves `amount` micro-dollars of `month` ("2026-11") if all that is spent and reserved stays
  // within `limit`. `known`: what this host's ledger says was spent and reserved; a counter below
  // it was lost and starts from there. Nothing: Redis cannot be asked, the host's own ledger
  // decides alone.
  std::optional<bool> reserve(std::string_view month, std::int64_t amount, std::int64_t limit,
                              std::int64_t known);
  // actual - reserved, either sign. Raises nothing: what could not be settled stays reserved.
  void settle(std::string_view month, std::int64_t difference) noexcept;
  std::optional<std::int64_t> spent(std::string_view month);

 private:
  std::shared_ptr<Redis> redis_;
  std::string name_space_;
};

}  // namespace bhashatts::redis
