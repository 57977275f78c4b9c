// Files, written so that a reader sees all of one or none of it.
//
// Thread rule: functions may be called from any thread; a MappedFile is immutable.
// All raise Error: storage_full for ENOSPC and EDQUOT, storage_read_only for EROFS, else
// storage_failed, with the path and the system's own words.
#pragma once

#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "bhashatts/bytes.h"
#include "bhashatts/error.h"

namespace bhashatts {

// The Error for `errno_value` at `path`. doing: "write", "open", ...
Error file_error(std::string_view doing, const std::filesystem::path& path, int errno_value);

// Creates the directory and its parents, mode 0700 for those it makes.
void ensure_directory(const std::filesystem::path& directory);

enum class Sync { none, data };  // data: fdatasync the file before the function returns

// Writes a new file (mode 0644, must not exist) from its first to its last byte. On failure the
// file is removed.
void write_new_file(const std::filesystem::path& path, std::span<const std::byte> bytes, Sync sync);

// fsync of a directory, so that a rename or link in it survives a loss of power.
void sync_directory(const std::filesystem::path& directory);

// The whole file; nothing when there is none. Raises for any other failure, and when it is larger
// than `limit` bytes.
std::optional<std::string> read_file(const std::filesystem::path& path, std::uint64_t limit);

// Maps a file read-only; nothing when there is none. The mapping lives as long as a copy of the
// bytes; the file may be unlinked meanwhile. An empty file gives empty bytes. When this process
// holds too many mappings already (limit below) the file is read into memory instead.
std::optional<SharedBytes> map_file(const std::filesystem::path& path);

// Mappings alive in this process, and the most there may be: half of the kernel's default
// vm.max_map_count of 65,530, the rest being the host's.
std::int64_t live_mappings() noexcept;
// Whether the bytes are a whole file that this process mapped, and so cost it no memory. What a
// forked child inherited counts as memory.
bool is_mapped(const SharedBytes& bytes);
inline constexpr std::int64_t kMaxMappings = 32'765;

// Room for unprivileged writers on the file system of `path`, in bytes.
std::uint64_t free_bytes(const std::filesystem::path& path);

// f_type of statfs(2).
std::int64_t file_system_type(const std::filesystem::path& path);
// NFS, SMB, CIFS, AFS, Ceph, 9p, FUSE-mounted remotes...: where byte-range locks and shared
// mappings do not hold between hosts.
bool is_network_file_system(std::int64_t f_type) noexcept;

}  // namespace bhashatts
