// How the engine stands: health, money, counts, and where its audio can be fetched.
//
// Thread rule: any thread.
#pragma once

#include "engine/rooms.h"

namespace bhashatts::engine {

Status status_of(Rooms& rooms);
Stats stats_of(Rooms& rooms);
std::optional<std::string> page_url(Rooms& rooms, std::string_view story_id,
                                    std::int32_t page_number, std::string_view voice_style);
std::optional<std::string> speech_url(Rooms& rooms, const Key& speech);

}  // namespace bhashatts::engine
