// Which speech reads which page of which story. A link is keyed by a hash, because a story id comes
// from outside at any length and LMDB keys end at 511 bytes; the format is left outside the hash,
// so that the formats of one page lie side by side.
#include <algorithm>

#include "base/clock.h"
#include "base/hash.h"
#include "bhashatts/error.h"
#include "catalog/state.h"

namespace bhashatts::catalog {
namespace {

std::string page_prefix(std::string_view story_id, std::int32_t page_number,
                        std::string_view voice_style) {
  const Key hash = KeyHasher()
                       .field("page")
                       .field(story_id)
                       .field(std::int64_t{page_number})
                       .field(voice_style)
                       .finish();
  return std::string(view(hash));
}

std::string page_key(std::string_view prefix, AudioFormat format) {
  return std::string(prefix) + static_cast<char>(format);
}

void drop_link(Change& change, const std::string& page, const Key& speech) {
  change.erase(Db::pages, page);
  change.erase(Db::pages_of, joined(speech, page));
}

bool says_another_text(const Change& change, const Key& speech, const SpeechRecord& than) {
  const auto other = change.find<SpeechEntry>(Db::speeches, view(speech));
  return !other || other->record.text_hash != than.text_hash;
}

void drop_outdated_links(Change& change, std::string_view prefix, const SpeechRecord& speech) {
  for (const auto format : kAudioFormats) {
    if (format == speech.metadata.format) continue;
    const std::string page = page_key(prefix, format);
    const auto link = change.find<PageLink>(Db::pages, page);
    if (link && says_another_text(change, link->speech, speech)) {
      drop_link(change, page, link->speech);
    }
  }
}

}  // namespace

bool link_page(Change& change, const SpeechRecord& speech, std::string_view story_id,
               std::int32_t page_number) {
  if (story_id.empty() || page_number <= 0) return false;
  if (story_id.size() > kMaxStoryIdBytes) {
    throw Error(ErrorCode::bad_request, "the story id is longer than 1,024 bytes");
  }
  const AudioMetadata& metadata = speech.metadata;
  const std::string prefix = page_prefix(story_id, page_number, metadata.voice_style);
  const std::string page = page_key(prefix, metadata.format);
  const auto before = change.find<PageLink>(Db::pages, page);
  if (before && before->speech == metadata.key) return false;
  if (before) drop_link(change, page, before->speech);
  drop_outdated_links(change, prefix, speech);
  change.put(Db::pages, page,
             encode(PageLink{.speech = metadata.key,
                             .story_id = std::string(story_id),
                             .page_number = page_number,
                             .voice_style = metadata.voice_style,
                             .format = metadata.format,
                             .linked_at = unix_ms()}));
  change.put(Db::pages_of, joined(metadata.key, page), {});
  return true;
}

void unlink_pages(Change& change, const Key& speech) {
  std::vector<std::string> pages;
  for_prefix(change.txn(), change.store().dbi(Db::pages_of), view(speech),
             [&](std::string_view key, std::string_view) {
               pages.emplace_back(key.substr(view(speech).size()));
               return true;
             });
  for (const std::string& page : pages) drop_link(change, page, speech);
}

std::optional<Key> Catalog::page_speech(std::string_view story_id, std::int32_t page_number,
                                        std::string_view voice_style,
                                        std::optional<AudioFormat> format) {
  const Store& store = state_->store;
  const lmdb::ReadTxn txn(*store.env);
  std::string prefix = page_prefix(story_id, page_number, voice_style);
  if (format) prefix = page_key(prefix, *format);
  std::optional<PageLink> newest;
  for_prefix(txn, store.dbi(Db::pages), prefix, [&](std::string_view, std::string_view bytes) {
    auto link = decode<PageLink>(bytes);
    if (link && (!newest || link->linked_at > newest->linked_at)) newest = std::move(link);
    return true;
  });
  if (!newest) return std::nullopt;
  return newest->speech;
}

}  // namespace bhashatts::catalog
