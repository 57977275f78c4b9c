#include "engine/notices.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <utility>
#include <vector>

#include "base/clock.h"
#include "base/hash.h"
#include "base/log.h"
#include "engine/maintenance.h"

namespace bhashatts::engine {
namespace {

constexpr std::string_view kComponent = "notices";
constexpr std::int64_t kKeptMs = std::int64_t{90} * 86'400'000;
constexpr std::string_view kUser = "user-";
constexpr std::string_view kText = "text-";
constexpr std::size_t kMostKeys = 100'000;  // of one text: languages x styles x formats x voices

std::vector<std::string> names_below(Rooms& rooms, const std::string& prefix) {
  std::vector<std::string> names;
  rooms.blobs->list(prefix, [&](const BlobInfo& info) {
    names.push_back(info.name.substr(prefix.size()));
    return true;
  });
  return names;
}

// One a line; what is none is passed over.
std::vector<Key> keys_in(std::string_view lines) {
  std::vector<Key> keys;
  while (!lines.empty() && keys.size() < kMostKeys) {
    const std::size_t end = std::min(lines.find('\n'), lines.size());
    if (const auto key = Key::from_hex(lines.substr(0, end))) keys.push_back(*key);
    lines.remove_prefix(std::min(end + 1, lines.size()));
  }
  return keys;
}

void tell(Rooms& rooms, const std::string& what, std::string text) {
  if (rooms.store_is_local) return;
  rooms.blobs->put_if_absent(
      rooms.shelf->forgotten_prefix() + std::to_string(unix_ms()) + "-" + what,
      SharedBytes::adopt(std::move(text)), {.media_type = "text/plain"});
}

}  // namespace

// As its name says; whoever else writes into the bucket may have put anything there.
struct Notices::Forgotten {
  std::int64_t at = 0;
  std::optional<Key> utterance;
  std::string user;
  bool text = false;

  static std::optional<Forgotten> parse(std::string_view name) {
    Forgotten notice;
    const auto [end, error] = std::from_chars(name.data(), name.data() + name.size(), notice.at);
    const auto digits = static_cast<std::size_t>(end - name.data());
    if (error != std::errc{} || digits >= name.size() || name[digits] != '-') return std::nullopt;
    const std::string_view what = name.substr(digits + 1);
    if (what.starts_with(kUser)) {
      notice.user = what.substr(kUser.size());
    } else if (what.starts_with(kText)) {
      notice.text = true;
    } else {
      notice.utterance = Key::from_hex(what);
    }
    if (notice.user.empty() && !notice.text && !notice.utterance) return std::nullopt;
    return notice;
  }
};

void Notices::obey() {
  obey_rejections();
  obey_forgettings();
}

void Notices::obey_rejections() {
  std::vector<std::string> names = names_below(rooms_, rooms_.shelf->tombstone_prefix());
  std::erase_if(names, [&](const std::string& name) { return !is_new(name); });
  std::vector<Key> keys;
  for (const std::string& name : names) {
    if (const auto key = Key::from_hex(name)) keys.push_back(*key);
  }
  if (const std::size_t news = drop_rejected(rooms_, keys); news > 0) {
    log(LogLevel::info, kComponent, "other hosts rejected " + std::to_string(news) + " takes");
  }
  seen_.insert(names.begin(), names.end());
}

void Notices::obey_forgettings() {
  const std::string prefix = rooms_.shelf->forgotten_prefix();
  for (const std::string& name : names_below(rooms_, prefix)) {
    if (!is_new(name)) continue;
    const auto notice = Forgotten::parse(name);
    if (!notice) continue;
    if (notice->at < unix_ms() - kKeptMs) {
      rooms_.blobs->remove(prefix + name);
    } else {
      obey(prefix + name, *notice);
    }
    seen_.insert(name);
  }
}

void Notices::obey(const std::string& name, const Forgotten& notice) {
  if (notice.utterance) return drop_forgotten(rooms_, *notice.utterance, notice.at);
  if (notice.text) {
    if (const auto bytes = rooms_.blobs->get(name)) {
      drop_forgotten_speeches(rooms_, keys_in(bytes->chars()), notice.at);
    }
    return;
  }
  rooms_.catalog->forget_users(
      [&](std::string_view user) { return user_hash(rooms_.config, user) == notice.user; },
      notice.at);
}

std::string user_hash(const Config& config, std::string_view user_id) {
  return KeyHasher(config.key_secret).field("bhashatts user 1").field(user_id).finish().hex();
}

void tell_forgotten(Rooms& rooms, const std::string& what) { tell(rooms, what, "forgotten\n"); }

void tell_text_forgotten(Rooms& rooms, std::span<const Key> speeches) {
  KeyHasher all;
  std::string lines;
  for (const Key& speech : speeches) {
    all.field(speech.hex());
    lines += speech.hex() + "\n";
  }
  tell(rooms, std::string(kText) + all.finish().hex(), std::move(lines));
}

}  // namespace bhashatts::engine
