#include "tests/engine/promises.h"

#include <sstream>

#include "tests/engine/worker_process.h"

namespace bhashatts::testing {

void Promises::hear(const std::string& line) {
  std::istringstream in(line);
  std::string kind;
  std::string id;
  in >> kind >> id;
  if (kind == "ok") return hear_acknowledgement(line);
  if (kind == "ready" || kind == "asking") return;
  const auto found = kept_.find(id);
  const bool known = found != kept_.end();
  if (kind == "rejecting") {
    if (known) found->second.in_doubt = true;
  } else if (kind == "rejected") {
    hear_rejection(id);
  } else if (kind != "unknown" || known) {
    breaks("a worker said: " + line);
  }
}

void Promises::hear_rejection(const std::string& id) {
  ++rejections_;
  const auto found = kept_.find(id);
  if (found == kept_.end()) return;
  rejected_[id] = found->second.take;
  kept_.erase(found);
}

void Promises::hear_acknowledgement(const std::string& line) {
  const auto ack = acknowledgement(line);
  if (!ack) return breaks("half a line: " + line);
  if (const auto gone = rejected_.find(ack->text_id);
      gone != rejected_.end() && ack->take <= gone->second) {
    breaks("a rejected take was served: " + line);
  }
  Kept& kept = kept_[ack->text_id];
  if (!kept.text.empty() && !kept.in_doubt && kept.audio_hash != ack->audio_hash) {
    breaks("other audio than before: " + line);
  }
  if (kept.audio_hash == ack->audio_hash && !kept.in_doubt) return;
  kept = {.text = ack->text, .audio_hash = ack->audio_hash, .take = ack->take};
  kept.heard = ++lines_;
}

void Promises::remember_calls(const Counter& counter) {
  const auto now = counter.by_utterance();
  for (const auto& [id, kept] : kept_) {
    const auto found = now.find({id, kept.take});
    if (found == now.end()) {
      breaks("nobody made " + kept.text);
    } else {
      calls_.emplace(found->first, found->second);
    }
  }
}

void Promises::check_calls(const Counter& counter) {
  const auto now = counter.by_utterance();
  for (const auto& [utterance, count] : calls_) {
    if (now.at(utterance) != count) breaks("paid again: " + utterance.first);
  }
}

void Promises::check(TtsEngine& engine, bool all) {
  std::size_t nth = 0;
  for (auto& [id, kept] : kept_) {
    if (!all && !kept.is_new && ++nth % 16 != 0) continue;
    kept.is_new = false;
    const std::string wrong = wrong_with(engine, id, kept);
    if (!wrong.empty()) suspicions_.push_back({id, kept.heard, wrong + kept.text});
  }
}

void Promises::confirm() {
  for (const Suspicion& one : suspicions_) {
    const auto now = kept_.find(one.text_id);
    if (now == kept_.end() || now->second.in_doubt || now->second.heard != one.heard) continue;
    breaks(one.what);
  }
  suspicions_.clear();
}

std::string Promises::wrong_with(TtsEngine& engine, const std::string& id, const Kept& kept) const {
  const auto speech = engine.lookup({.text = kept.text});
  if (!speech) return "gone: ";
  if (!speaks(*speech, kept.text)) return "wrong audio: ";
  const auto gone = rejected_.find(id);
  if (gone != rejected_.end() && speech->metadata().take <= gone->second) return "rejected take: ";
  return audio_hash(speech->audio()) == kept.audio_hash ? "" : "other audio: ";
}

}  // namespace bhashatts::testing
