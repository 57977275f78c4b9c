// What people do to the audio that is kept: reject, forget, clear, verify.
//
// Thread rule: any thread. All raise storage_read_only where nothing can be written.
#pragma once

#include <cstddef>
#include <cstdint>
#include <span>

#include "engine/rooms.h"

namespace bhashatts::engine {

RejectReport reject(Rooms& rooms, const Plan& plan);
ForgetReport forget_text(Rooms& rooms, std::string_view text);
ForgetReport forget_user(Rooms& rooms, std::string_view user_id);
ClearReport clear(Rooms& rooms, const ClearOptions& options);
// What other hosts rejected; returns how many of them are news. Those of which there is no record
// here are never planned again: they may be in tiers, and in pages that came from another host.
std::size_t drop_rejected(Rooms& rooms, std::span<const Key> utterances);
// What another host forgot, an utterance or a text by the keys of its speeches: what was made
// before that time (Unix ms) goes.
void drop_forgotten(Rooms& rooms, const Key& utterance, std::int64_t at);
void drop_forgotten_speeches(Rooms& rooms, std::span<const Key> speeches, std::int64_t at);
VerifyReport verify(Rooms& rooms, bool repair);

}  // namespace bhashatts::engine
