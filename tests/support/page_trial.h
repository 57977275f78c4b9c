// Pages as they are heard: split, spoken by espeak-ng sentence by sentence, joined, timed; measured
// from the outside.
//
// Thread rule: a trial belongs to one thread.
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "bhashatts/engine.h"
#include "tests/support/temp_dir.h"

namespace bhashatts::testing {

// Levels and steps are of the joined page. Between utterances: the loudest against the softest.
struct PageFindings {
  std::size_t utterances = 0;
  std::size_t syntheses = 0;  // calls: a refrain is one
  double seconds = 0;
  double step_at_joins = 0;  // the largest, as a share of the largest inside
  double step_beside = 0;    // the same, held against the softer neighbour of each join alone
  double uneven_before = 0;  // dB between the utterances, as espeak-ng spoke them
  double uneven = 0;         // dB, by speech_level(), which join() goes by as well
  double uneven_sound = 0;   // dB, by the RMS of all that is not silent, unknown to join()
  double uneven_loud = 0;    // dB, by the RMS of the loudest frames alone; told, not judged
  double peak = -120;        // dBFS, also between samples
  double wav_per_opus = 0;   // bytes
  std::vector<std::string> faults;  // which condition does not hold, and how
};

class PageTrial {
 public:
  static constexpr std::int32_t kMaxAksharas = 50;  // espeak-ng itself takes any length

  PageTrial();
  ~PageTrial();

  // The page as it would be sent.
  PageFindings hear(const std::string& language, const std::string& page);

 private:
  class LimitedVoice;

  TempDir directory_;
  std::shared_ptr<LimitedVoice> voice_;
  std::unique_ptr<TtsEngine> engine_;
};

// 50 aksharas, and a fifth more in Tamil: what the engine makes of the limit.
double most_aksharas(const std::string& language);

}  // namespace bhashatts::testing
