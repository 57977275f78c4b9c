#include "catalog/catalog.h"

#include "base/hash.h"
#include "catalog/opening.h"
#include "catalog/state.h"

namespace bhashatts::catalog {
namespace {

constexpr std::string_view kVoiceProfile = "voice_profile";

}  // namespace

std::string text_hash(std::string_view spoken_text) {
  return KeyHasher().field("text").field(spoken_text).finish().hex();
}

std::unique_ptr<Catalog> Catalog::open(const CatalogOptions& options) {
  auto state = std::make_unique<State>();
  open_store(options, state->store);
  return std::unique_ptr<Catalog>(new Catalog(std::move(state)));
}

Catalog::Catalog(std::unique_ptr<State> state) : state_(std::move(state)) {}

Catalog::~Catalog() = default;

bool Catalog::was_damaged() const { return state_->store.was_damaged; }

bool Catalog::examine() { return catalog::examine(state_->store); }

std::string Catalog::voice_profile() {
  const Store& store = state_->store;
  const lmdb::ReadTxn txn(*store.env);
  return std::string(txn.get(store.dbi(Db::meta), kVoiceProfile).value_or(""));
}

void Catalog::set_voice_profile(std::string_view profile) {
  Change change(state_->store);
  change.put(Db::meta, kVoiceProfile, profile);
  change.commit();
}

Totals Catalog::totals() {
  const lmdb::ReadTxn txn(*state_->store.env);
  return read_totals(txn, state_->store).totals;
}

void Catalog::for_each_utterance(const std::function<void(const UtteranceRecord&)>& visit) {
  std::string after;
  std::vector<std::pair<Key, UtteranceRecord>> batch;
  while (read_batch(state_->store, Db::utterances, after, kBatch, batch)) {
    for (const auto& [key, record] : batch) visit(record);
  }
}

// The counters are read one speech at a time: a walk over all reads each of them once.
void Catalog::for_each_speech(const std::function<void(const SpeechEntry&)>& visit) {
  std::string after;
  std::vector<std::pair<Key, SpeechEntry>> batch;
  while (read_batch(state_->store, Db::speeches, after, kBatch, batch)) {
    for (const auto& [key, record] : batch) {
      if (const auto entry = speech(key)) visit(*entry);
    }
  }
}

}  // namespace bhashatts::catalog
