// No fsync here. What this tier keeps is derived from lossless masters that the blob store did
// sync, so it can be made again for nothing; and a file that a loss of power tore is found by the
// checksum on its first touch, and is then a miss. (Measured on ext4, 60 KB: see
// benchmarks/tier_bench.cpp, BM_WriteFile; fsync is what an audio costs.)
//
// Each file carries its index entry in an extended attribute. That is what a damaged index is
// rebuilt from: the name alone knows neither duration nor cost. Rejected: a trailer behind the
// audio (a web server sends these files as they are) and a side file (twice the files). A file
// system without user attributes loses only the rebuild: its files are then removed by the sweep.
#include "cache/audio_files.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <system_error>
#include <utility>

#include "base/files.h"
#include "base/hash.h"

namespace bhashatts::cache {
namespace {

namespace fs = std::filesystem;

constexpr const char* kAttribute = "user.bhashatts";

std::string hex16(std::uint64_t number) {
  std::array<char, 17> digits{};
  std::snprintf(digits.data(), digits.size(), "%016llx", static_cast<unsigned long long>(number));
  return digits.data();
}

std::optional<std::uint64_t> size_of(const fs::path& path) {
  struct stat status {};
  if (::stat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return static_cast<std::uint64_t>(status.st_size);
}

std::optional<std::uint64_t> token_of(const std::string& name) {
  std::uint64_t token = 0;
  const char* const end = name.data() + name.size();
  const auto [stop, error] = std::from_chars(name.data(), end, token, 16);
  if (error != std::errc{} || stop == end || *stop != '-') return std::nullopt;
  return token;
}

// Calls `visit` for what is in the directory; one that is not there has nothing in it.
template <typename Visit>
void for_each_in(const fs::path& directory, const Visit& visit) {
  std::error_code error;
  fs::directory_iterator it(directory, error);
  for (; !error && it != fs::directory_iterator(); it.increment(error)) visit(it->path());
}

}  // namespace

AudioFiles::AudioFiles(fs::path directory, BlobPath blob_path)
    : directory_(std::move(directory)), blob_path_(std::move(blob_path)) {}

fs::path AudioFiles::own_path(const AudioMetadata& metadata) const {
  const std::string hex = metadata.key.hex();
  return directory_ / "audio" / hex.substr(0, 2) /
         (hex + '.' + hex16(metadata.checksum) + '.' + std::string(name(metadata.format)));
}

fs::path AudioFiles::path(const Entry& entry) const {
  if (entry.location == Location::own_file) return own_path(entry.metadata);
  return blob_path_ ? blob_path_(entry.metadata) : std::string();
}

bool AudioFiles::in_blob_store(const AudioMetadata& metadata) const {
  if (!blob_path_) return false;
  const std::string path = blob_path_(metadata);
  return !path.empty() && size_of(path) == metadata.size_bytes;
}

bool AudioFiles::is_there(const Entry& entry) const {
  const fs::path file = path(entry);
  return !file.empty() && size_of(file) == entry.metadata.size_bytes;
}

bool AudioFiles::present(const Entry& entry) const {
  const fs::path file = path(entry);
  return !file.empty() && size_of(file) == entry.metadata.size_bytes;
}

std::optional<SharedBytes> AudioFiles::load(const Entry& entry, std::string& why) const {
  const fs::path file = path(entry);
  auto bytes = file.empty() ? std::nullopt : map_file(file);
  if (!bytes) {
    why = "its file is missing";
  } else if (bytes->size() != entry.metadata.size_bytes) {
    why = "its file has another size";
  } else if (xxh3_64(bytes->span()) != entry.metadata.checksum) {
    why = "its checksum does not agree";
  } else {
    return bytes;
  }
  return std::nullopt;
}

fs::path AudioFiles::write_temporary(std::uint64_t token, const Entry& entry,
                                     const SharedBytes& audio) {
  const std::string carried = encode(entry);
  const std::uint64_t number = next_temporary_.fetch_add(1, std::memory_order_relaxed);
  fs::path file = directory_ / "tmp" / (hex16(token) + '-' + std::to_string(number));
  write_new_file(file, audio.span(), Sync::none);
  ::setxattr(file.c_str(), kAttribute, carried.data(), carried.size(), 0);
  return file;
}

void AudioFiles::place(const fs::path& temporary, const AudioMetadata& metadata) const {
  const fs::path target = own_path(metadata);
  if (::rename(temporary.c_str(), target.c_str()) == 0) return;
  if (errno != ENOENT) throw file_error("rename", target, errno);
  ensure_directory(target.parent_path());
  if (::rename(temporary.c_str(), target.c_str()) != 0) throw file_error("rename", target, errno);
}

void AudioFiles::remove(const Entry& entry) const noexcept {
  if (entry.location == Location::own_file) ::unlink(own_path(entry.metadata).c_str());
}

std::optional<Entry> AudioFiles::carried_entry(const fs::path& file) const {
  std::array<char, kMaxEntryBytes> bytes{};
  const ssize_t size = ::getxattr(file.c_str(), kAttribute, bytes.data(), bytes.size());
  Entry entry;
  if (size <= 0 || decode({bytes.data(), static_cast<std::size_t>(size)}, entry) != Decoded::good) {
    return std::nullopt;
  }
  if (entry.location != Location::own_file || own_path(entry.metadata) != file) return std::nullopt;
  if (size_of(file) != entry.metadata.size_bytes) return std::nullopt;
  return entry;
}

std::optional<Key> AudioFiles::key_of(const fs::path& file) {
  const std::string name = file.filename().string();
  return name.size() > 32 && name[32] == '.' ? Key::from_hex(name.substr(0, 32)) : std::nullopt;
}

bool AudioFiles::any() const {
  bool found = false;
  for_each_in(directory_ / "audio", [&](const fs::path&) { found = true; });
  return found;
}

void AudioFiles::for_each_audio(const std::function<void(const fs::path&)>& visit) const {
  for_each_in(directory_ / "audio", [&](const fs::path& shard) {
    for_each_in(shard, [&](const fs::path& file) { visit(file); });
  });
}

void AudioFiles::for_each_temporary(
    const std::function<void(const fs::path&, std::optional<std::uint64_t>)>& visit) const {
  for_each_in(directory_ / "tmp",
              [&](const fs::path& file) { visit(file, token_of(file.filename().string())); });
}

}  // namespace bhashatts::cache
