// What hosts that share a store tell each other through it: takes that were rejected, texts and
// users that were forgotten. A host's own tiers and records are out of the others' reach, so each
// looks for notices every half minute and obeys those that are new.
//
// They are small objects: "<namespace>audio/rejected/<utterance>" (for ever: a host that has never
// heard of the take must not make it either) and "<namespace>audio/forgotten/<Unix ms>-<what>" (for
// 90 days; an utterance by its key, a text by the keys of all speeches of it, which stand in the
// object, a user by a hash: a notice tells nobody whom or what it is about).
//
// Thread rule: one thread at a time.
#pragma once

#include <chrono>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>
#include <unordered_set>

#include "engine/rooms.h"

namespace bhashatts::engine {

class Notices {
 public:
  explicit Notices(Rooms& rooms) : rooms_(rooms) {}

  static constexpr std::chrono::seconds kEvery{30};
  // Obeys what is new. Raises 6xx where the store cannot be asked.
  void obey();

 private:
  struct Forgotten;
  void obey_rejections();
  void obey_forgettings();
  void obey(const std::string& name, const Forgotten& notice);
  bool is_new(const std::string& name) const { return !seen_.contains(name); }

  Rooms& rooms_;
  std::unordered_set<std::string> seen_;  // and obeyed
};

// What all hosts call a user whose usage is to be forgotten.
std::string user_hash(const Config& config, std::string_view user_id);
// Tells the other hosts, where there can be any.
void tell_forgotten(Rooms& rooms, const std::string& what);
void tell_text_forgotten(Rooms& rooms, std::span<const Key> speeches);

}  // namespace bhashatts::engine
