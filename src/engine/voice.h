// A synthesizer as the engine uses it: the first one, and each of the fallback chain.
//
// Thread rule: made at opening, then only read; what it points at may be used from any thread.
#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

#include "base/lock_file.h"
#include "bhashatts/synthesizer.h"
#include "engine/planner.h"
#include "net/breaker.h"

namespace bhashatts::engine {

struct Voice {
  std::shared_ptr<Synthesizer> synthesizer;
  std::string identity;                   // Synthesizer::identity(), asked once
  std::string upstream;                   // Synthesizer::upstream(), asked once
  bool fallback = false;                  // another voice than the first one
  std::unique_ptr<Planner> planner;       // each voice has keys of its own
  std::unique_ptr<net::Breaker> breaker;  // null: it reaches nothing that can be down

  // What the breaker refuses with, claiming nothing; nothing where it is closed.
  std::optional<net::Breaker::Refusal> refusal() const {
    return breaker ? breaker->look() : std::nullopt;
  }
};

// One of the calls that the upstream bears from all processes of the host; nothing when they are
// all taken. A voice without an upstream has as many as it has workers, and needs none.
class CallSlot {
 public:
  static std::optional<CallSlot> try_take(const Voice& voice, LockFile& locks);

 private:
  explicit CallSlot(std::optional<LockFile::Lock> lock) : lock_(std::move(lock)) {}
  std::optional<LockFile::Lock> lock_;
};

}  // namespace bhashatts::engine
