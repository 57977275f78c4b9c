// The files of the LMDB tier: where they lie and how they come and go.
//
//   audio/ab/<key>.<checksum>.<format>   ab: the key's first two digits
//   tmp/<token>-<n>                      being written; token: the writer's lock in writers.lock
//
// Thread rule: any thread.
#pragma once

#include <atomic>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <optional>
#include <string>

#include "bhashatts/audio.h"
#include "bhashatts/bytes.h"
#include "cache/entry_codec.h"

namespace bhashatts::cache {

class AudioFiles {
 public:
  using BlobPath = std::function<std::string(const AudioMetadata&)>;

  AudioFiles(std::filesystem::path directory, BlobPath blob_path);

  // Where the audio of the entry is to be read.
  std::filesystem::path path(const Entry& entry) const;
  std::filesystem::path own_path(const AudioMetadata& metadata) const;
  // Whether the local blob store has all of it.
  bool in_blob_store(const AudioMetadata& metadata) const;
  // Whether there is a file of that size for it.
  bool is_there(const Entry& entry) const;
  // Whether its file is there, in full size; says nothing about the bytes.
  bool present(const Entry& entry) const;
  // The verified bytes; nothing, with `why` set, where they are not what the entry says.
  std::optional<SharedBytes> load(const Entry& entry, std::string& why) const;

  // Writes a temporary file that carries its entry along. Raises as write_new_file does.
  std::filesystem::path write_temporary(std::uint64_t token, const Entry& entry,
                                        const SharedBytes& audio);
  void place(const std::filesystem::path& temporary, const AudioMetadata& metadata) const;
  // Only a file of the tier's own; never one of the blob store.
  void remove(const Entry& entry) const noexcept;

  // The entry that the file was written with; nothing unless it agrees with name and size.
  std::optional<Entry> carried_entry(const std::filesystem::path& file) const;
  static std::optional<Key> key_of(const std::filesystem::path& file);
  bool any() const;  // audio files, or at least a folder for them
  void for_each_audio(const std::function<void(const std::filesystem::path&)>& visit) const;
  // token: nothing where the name is none of ours.
  void for_each_temporary(
      const std::function<void(const std::filesystem::path&, std::optional<std::uint64_t> token)>&
          visit) const;

 private:
  std::filesystem::path directory_;
  BlobPath blob_path_;
  std::atomic<std::uint64_t> next_temporary_{0};
};

}  // namespace bhashatts::cache
