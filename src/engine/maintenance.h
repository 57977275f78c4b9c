// What people do to the audio that is kept: reject, forget, clear, verify, count.
//
// Thread rule: any thread. All but the counting raise storage_read_only where nothing can be
// written.
#pragma once

#include "engine/rooms.h"

namespace bhashatts::engine {

RejectReport reject(Rooms& rooms, const Plan& plan);
ForgetReport forget_text(Rooms& rooms, std::string_view text);
ForgetReport forget_user(Rooms& rooms, std::string_view user_id);
ClearReport clear(Rooms& rooms, const ClearOptions& options);
VerifyReport verify(Rooms& rooms, bool repair);

Status status_of(Rooms& rooms);
Stats stats_of(Rooms& rooms);
std::optional<std::string> page_url(Rooms& rooms, std::string_view story_id,
                                    std::int32_t page_number, std::string_view voice_style);
std::optional<std::string> speech_url(Rooms& rooms, const Key& speech);

}  // namespace bhashatts::engine
