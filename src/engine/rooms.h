// What a Config is wired to. Made by open.cpp, the one file that knows the implementations; all
// else in the engine knows interfaces.
#pragma once

#include <memory>
#include <string>
#include <vector>

#include "base/lock_file.h"
#include "base/shared_counter.h"
#include "bhashatts/engine.h"
#include "engine/attempts.h"
#include "engine/data_dir.h"
#include "engine/presence.h"
#include "engine/probe.h"
#include "engine/shelf.h"
#include "engine/tier_stack.h"
#include "engine/voice.h"

namespace bhashatts::blob {
class SpooledStore;
}

namespace bhashatts::engine {

class Hosts;

// Members are destroyed in the reverse order: tiers before the shelf they point at, and so on.
struct Rooms {
  Rooms(Config wanted, DataDir directory);
  ~Rooms();

  Voice& voice() { return voices.front(); }
  const Voice& voice(const Plan& plan) const { return voices[plan.voice]; }
  Planner& planner(const Plan& plan) { return *voices[plan.voice].planner; }

  Config config;
  DataDir data;
  std::string voice_profile;
  std::vector<std::shared_ptr<EventSink>> sinks;
  std::shared_ptr<SharedCounter> generation;
  std::shared_ptr<LockFile> locks;
  std::unique_ptr<Presence> presence;  // null when read-only
  std::unique_ptr<Hosts> hosts;
  std::shared_ptr<BlobStore> blobs;
  bool store_is_local = false;                // blobs is the file store in the data directory
  bool store_is_shared = false;               // with other hosts
  std::shared_ptr<blob::SpooledStore> spool;  // blobs, where it is far away; else null
  std::function<void()> check_store;  // raises what is wrong with a store far away; may be empty
  std::unique_ptr<catalog::Catalog> catalog;
  std::unique_ptr<Shelf> shelf;
  std::unique_ptr<TierStack> tiers;
  std::unique_ptr<Gate> gate;
  std::unique_ptr<Attempts> attempts;
  std::vector<Voice> voices;  // in the order in which they are asked; never empty
  Probe probe;
  std::vector<std::string> warnings;  // what is degraded since opening

  // Raises storage_full or storage_read_only: asked before anything is made or paid for.
  void require_room();
};

// Raises as TtsEngine::open does.
std::unique_ptr<Rooms> open_rooms(Config config, const Parts& parts);

}  // namespace bhashatts::engine
