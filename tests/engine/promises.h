// What workers acknowledged before they died, and whether it holds afterwards.
//
// Thread rule: one thread.
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <vector>

#include "bhashatts/engine.h"
#include "tests/engine/counted_synthesizer.h"

namespace bhashatts::testing {

class Promises {
 public:
  // One line of a worker's output. What cannot be right is remembered: see broken().
  void hear(const std::string& line);
  // Everything that was acknowledged must have been paid by now, and never again.
  void remember_calls(const Counter& counter);

  // Asks a freshly opened engine for what was acknowledged; all of it, or what is new and a part of
  // the rest. What is missed is only suspected: a writer that lives may have rejected it meanwhile,
  // and said so before. Let it be heard, then confirm.
  void check(TtsEngine& engine, bool all);
  void confirm();
  void check_calls(const Counter& counter);

  const std::vector<std::string>& broken() const { return broken_; }
  std::size_t size() const { return kept_.size(); }
  std::int64_t rejections() const { return rejections_; }

 private:
  struct Kept {
    std::string text;
    std::string audio_hash;
    std::int32_t take = 0;
    bool in_doubt = false;  // a rejection was begun, and no end of it was heard
    bool is_new = true;
    std::uint64_t heard = 0;  // differs whenever anything was heard of it
  };
  struct Suspicion {
    std::string text_id;
    std::uint64_t heard;
    std::string what;
  };
  void hear_acknowledgement(const std::string& line);
  void hear_rejection(const std::string& id);
  std::string wrong_with(TtsEngine& engine, const std::string& id, const Kept& kept) const;
  void breaks(const std::string& what) { broken_.push_back(what); }

  std::map<std::string, Kept> kept_;              // by text id
  std::map<std::string, std::int32_t> rejected_;  // last take that was
  std::vector<Suspicion> suspicions_;
  std::uint64_t lines_ = 0;
  std::map<Counter::Utterance, int> calls_;
  std::vector<std::string> broken_;
  std::int64_t rejections_ = 0;
};

}  // namespace bhashatts::testing
