// What the catalog is told of a speech: its record, and for a story page its object in the store.
//
// Thread rule: any thread, any process; record_derived() holding the speech's lock between
// processes.
#pragma once

#include "engine/rooms.h"

namespace bhashatts::engine {

// A speech's record; with_object: behind an object of its own, which is kept first.
catalog::SpeechEntry speech_record(Rooms& rooms, const Plan& plan, const CacheEntry& speech,
                                   bool with_object);

// Records a speech that was joined from kept utterances, unless it is recorded so. page: it has an
// object of its own, so that its URL works. That cost nothing: a failure is logged, not raised.
void record_derived(Rooms& rooms, const Plan& plan, const CacheEntry& speech, bool page) noexcept;

}  // namespace bhashatts::engine
