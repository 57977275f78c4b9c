// One small row a take, under its voice: written with the take's own commit, and found again from
// the take's record when that goes. One record a voice would be read in one piece, but then damage
// would cost all of them, and every take would rewrite 6 KB.
#include <algorithm>

#include "base/hash.h"
#include "catalog/state.h"

namespace bhashatts::catalog {
namespace {

struct Row {
  std::string key;
  NumberedPace pace;
};

// Oldest first. Unreadable rows are left out.
std::vector<Row> rows_of(const lmdb::Txn& txn, const Store& store, const Key& voice) {
  std::vector<Row> rows;
  for_prefix(txn, store.dbi(Db::paces), view(voice),
             [&](std::string_view key, std::string_view bytes) {
               if (const auto pace = decode<NumberedPace>(bytes)) {
                 rows.push_back({std::string(key), *pace});
               }
               return true;
             });
  std::ranges::sort(rows, {}, [](const Row& row) { return row.pace.number; });
  return rows;
}

}  // namespace

Key voice_key(std::string_view synthesizer, std::string_view language,
              std::string_view voice_style) {
  return KeyHasher().field("voice").field(synthesizer).field(language).field(voice_style).finish();
}

std::string pace_key(const AudioMetadata& utterance) {
  const Key voice = voice_key(utterance.synthesizer, utterance.language, utterance.voice_style);
  return joined(voice, view(utterance.key));
}

void put_pace(Change& change, const AudioMetadata& utterance, const PaceSample& sample) {
  const std::string key = pace_key(utterance);
  const auto rows = rows_of(change.txn(), change.store(), key_from(key));
  const std::uint64_t number = rows.empty() ? 1 : rows.back().pace.number + 1;
  const std::size_t most = kPacesKept - 1;
  for (std::size_t i = 0; i + most < rows.size(); ++i) change.erase(Db::paces, rows[i].key);
  change.put(Db::paces, key, encode(NumberedPace{.number = number, .sample = sample}));
}

std::vector<PaceSample> Catalog::paces(const Key& voice) {
  const lmdb::ReadTxn txn(*state_->store.env);
  std::vector<PaceSample> samples;
  for (const Row& row : rows_of(txn, state_->store, voice)) samples.push_back(row.pace.sample);
  return samples;
}

}  // namespace bhashatts::catalog
