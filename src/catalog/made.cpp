// What was made: utterances with their takes, and the speeches that are joined from them.
#include "base/clock.h"
#include "catalog/state.h"

namespace bhashatts::catalog {
namespace {

void put_utterance(Change& change, const UtteranceRecord& utterance,
                   const std::optional<PaceSample>& pace) {
  const AudioMetadata& metadata = utterance.metadata;
  // A master that was healed or adopted a second time was not synthesised a second time.
  if (!change.has(Db::utterances, view(metadata.key))) {
    change.totals.totals.utterances += 1;
    change.totals.totals.generation_time_ms += metadata.generation_time_ms;
  }
  // Rejected while it was being made: nobody asks for this take any more.
  if (metadata.take < find_take(change.txn(), change.store(), utterance.base)) {
    change.put(Db::rejected, view(metadata.key), {});
    return;
  }
  change.put(Db::utterances, view(metadata.key), encode(utterance));
  change.put(Db::by_base, take_key(utterance.base, metadata.take), view(metadata.key));
  if (pace) put_pace(change, metadata, *pace);
}

// Rejected or forgotten while the speech was on its way here.
bool holds_what_is_gone(const Change& change, const SpeechEntry& speech) {
  for (const Key& utterance : speech.utterances) {
    if (change.has(Db::rejected, view(utterance))) return true;
    if (!change.has(Db::utterances, view(utterance))) return true;
  }
  return false;
}

// What the caller may leave out: the hash, and the page that the speech was first made for.
SpeechEntry completed(SpeechEntry speech, const std::optional<SpeechEntry>& before) {
  SpeechRecord& record = speech.record;
  if (record.text_hash.empty()) record.text_hash = text_hash(record.text);
  if (record.story_id.empty() && before) {
    record.story_id = before->record.story_id;
    record.page_number = before->record.page_number;
  }
  return speech;
}

void count_speech(Change& change, const SpeechEntry& speech,
                  const std::optional<SpeechEntry>& before) {
  Totals& totals = change.totals.totals;
  totals.size_bytes += static_cast<std::int64_t>(speech.record.metadata.size_bytes);
  if (before) {
    totals.size_bytes -= static_cast<std::int64_t>(before->record.metadata.size_bytes);
  } else {
    totals.entries += 1;
  }
}

void put_parts(Change& change, const SpeechEntry& speech,
               const std::optional<SpeechEntry>& before) {
  const Key& key = speech.record.metadata.key;
  if (before) {
    for (const Key& utterance : before->utterances) {
      change.erase(Db::speech_of, joined(utterance, view(key)));
    }
  }
  for (const Key& utterance : speech.utterances) {
    change.put(Db::speech_of, joined(utterance, view(key)), {});
  }
}

// Returns whether anything changed.
bool put_speech_entry(Change& change, const SpeechEntry& given) {
  if (holds_what_is_gone(change, given)) return false;
  const Key& key = given.record.metadata.key;
  const auto before = change.find<SpeechEntry>(Db::speeches, view(key));
  const SpeechEntry speech = completed(given, before);
  const std::string bytes = encode(speech);
  const bool changed = !before || encode(*before) != bytes;
  if (changed) {
    change.put(Db::speeches, view(key), bytes);
    put_parts(change, speech, before);
    count_speech(change, speech, before);
  }
  const bool linked =
      link_page(change, speech.record, given.record.story_id, given.record.page_number);
  if (!changed && !linked) return false;
  change.record({.id = 0,
                 .at = unix_ms(),
                 .kind = EventKind::speech_stored,
                 .usage = {},
                 .speech = speech.record});
  return true;
}

}  // namespace

std::int32_t Catalog::take_of(const Key& base) {
  const lmdb::ReadTxn txn(*state_->store.env);
  return find_take(txn, state_->store, base);
}

bool Catalog::is_rejected(const Key& utterance) {
  const lmdb::ReadTxn txn(*state_->store.env);
  return txn.get(state_->store.dbi(Db::rejected), view(utterance)).has_value();
}

std::optional<UtteranceRecord> Catalog::utterance(const Key& key) {
  const lmdb::ReadTxn txn(*state_->store.env);
  return find<UtteranceRecord>(txn, state_->store, Db::utterances, view(key));
}

std::optional<SpeechEntry> Catalog::speech(const Key& key) {
  const lmdb::ReadTxn txn(*state_->store.env);
  return find_speech(txn, state_->store, key);
}

void Catalog::commit(const Made& made) {
  Change change(state_->store);
  put_utterance(change, made.utterance, made.pace);
  if (made.speech) put_speech_entry(change, *made.speech);
  if (made.settled) {
    LedgerEntry settled = *made.settled;
    settled.state = AttemptState::settled;
    put_ledger(change, made.reservation, settled);
  }
  change.commit();
}

void Catalog::put_speech(const SpeechEntry& speech) {
  Change change(state_->store);
  if (put_speech_entry(change, speech)) change.commit();
}

}  // namespace bhashatts::catalog
