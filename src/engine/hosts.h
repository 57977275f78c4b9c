// The other hosts that work for the same library: whose turn it is to make an utterance, and what
// is left of a budget that all share. Without Redis this host is alone, and all turns are its own.
//
// Neither keeps the store right (first writer wins does), so where Redis cannot be asked the
// answers are "yours" and "as this host's ledger says": at most one payment more per host.
//
// Thread rule: any thread.
#pragma once

#include <memory>
#include <optional>
#include <string>

#include "bhashatts/key.h"
#include "redis/budget.h"
#include "redis/lease.h"
#include "redis/redis.h"

namespace bhashatts::engine {

class Hosts {
 public:
  // redis may be null.
  Hosts(std::shared_ptr<redis::Redis> redis, const std::string& name_space);

  struct Turn {
    std::optional<redis::Leases::Lease> lease;  // none: this host is alone
  };
  // Nothing: another host is at it.
  std::optional<Turn> try_turn(const Key& utterance);

  // Null where this host is alone.
  redis::SharedBudget* budget() { return budget_ ? &*budget_ : nullptr; }
  bool alone() const { return redis_ == nullptr; }
  const std::shared_ptr<redis::Redis>& redis() const { return redis_; }
  // Why Redis cannot be asked just now.
  std::optional<Error> trouble() const;

 private:
  std::shared_ptr<redis::Redis> redis_;
  std::optional<redis::Leases> leases_;
  std::optional<redis::SharedBudget> budget_;
};

}  // namespace bhashatts::engine
