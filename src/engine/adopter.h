// One row of the guide's table, made ours: its audio found, decoded, judged and kept as a master.
//
// The guide has a page spoken in one call, we sentence by sentence; the old audio of several
// sentences cannot be cut where we would cut it without guessing. So it is kept as what it is: one
// master that speaks the whole text, under the key of that text, which the planner prefers to the
// sentences (Planner::whole). It is then found, derived into any format, rejected, forgotten, timed
// and healed as any other. Given up: filing it as the joined speech under the key of its sentences,
// which would serve one format only, could not be rejected (there is no take of its sentences), and
// would give the page that is made after it the same immutable name.
//
// Thread rule: any thread.
#pragma once

#include <optional>
#include <string>

#include "bhashatts/import.h"
#include "engine/core.h"

namespace bhashatts::engine {

class Adopter {
 public:
  // Both outlive it.
  Adopter(Core& core, const ImportOptions& options);

  struct Adopted {
    bool already_there = false;
    bool whole = false;              // several sentences in one piece
    bool other_description = false;  // than the one that it is filed under
    std::int64_t duration_ms = 0;
  };
  // Raises 2xx for what is no text of ours, not_found where there is no audio, bad_audio for audio
  // that is not kept, 6xx.
  Adopted adopt(const GuideRow& row);

 private:
  struct Found;  // what the row comes to

  Found understood(const GuideRow& row) const;
  bool is_there(const Found& found);
  bool is_stored(const Utterance& whole);
  void refuse_rejected(const Found& found);
  std::optional<SharedBytes> read(const Found& found, const GuideRow& row) const;
  Gate::Passed judged(const Found& found, const SharedBytes& audio) const;
  Master master_of(const Found& found, const GuideRow& row, const Gate::Passed& passed) const;
  void keep(const Found& found, const GuideRow& row, const Gate::Passed& passed);
  catalog::SpeechEntry speech_of(const Found& found, const GuideRow& row,
                                 const Master& master) const;

  Core& core_;
  Rooms& rooms_;
  const ImportOptions& options_;
};

}  // namespace bhashatts::engine
