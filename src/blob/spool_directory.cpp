// A file store holds the files: what it knows of appearing whole, being durable and outliving its
// writers is what debts need too, and an object store's put_if_absent is the spool's.
//
// Flat, because the scan for the oldest wants one directory, and 70,000 files in it (4 GiB of usual
// speeches) cost ext4 nothing. How many bytes they are is counted when it is opened, and again by
// the uploading thread of each process every second at most and for no more than a twentieth of the
// time (such a count takes 0.1 to 0.5 s there); in between the process adds and subtracts its own.
// A number shared by all processes would drift with each kill -9 between a file and its count, and
// a limit that refuses paid work must find back by itself. What others put within that second goes
// over the limit; it was paid for already.
#include "blob/spool_directory.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <tuple>
#include <utility>

#include "base/clock.h"
#include "base/files.h"
#include "base/log.h"
#include "bhashatts/error.h"
#include "blob/file_store.h"
#include "blob/object_name.h"

namespace bhashatts::blob {
namespace {

namespace fs = std::filesystem;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::string_view kComponent = "blob.spool";
constexpr const char* kDamaged = "damaged";
constexpr milliseconds kCountEvery{1'000};
constexpr int kCountShare = 20;
// Twice what a far store takes for one call.
constexpr milliseconds kPatience{60'000};
constexpr int kMostNamesakes = 1'000;

fs::path prepared(const fs::path& directory) {
  fs::path whole = fs::absolute(directory).lexically_normal();
  ensure_directory(whole / kReservedPart);
  return whole;
}

std::optional<SpoolDirectory::Entry> entry_at(const fs::path& path) {
  struct stat status {};
  if (::lstat(path.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  constexpr std::int64_t kNanoseconds = 1'000'000'000;
  return SpoolDirectory::Entry{
      .leaf = path.filename().string(),
      .bytes = status.st_size,
      .written_ns = status.st_mtim.tv_sec * kNanoseconds + status.st_mtim.tv_nsec};
}

// Calls visit for each regular file until it returns false.
template <typename Visit>
void each_file(const fs::path& directory, const Visit& visit) {
  std::error_code failure;
  fs::directory_iterator at(directory, failure);
  for (const fs::directory_iterator end; !failure && at != end; at.increment(failure)) {
    std::error_code gone;
    if (fs::is_regular_file(at->symlink_status(gone)) && !visit(at->path())) return;
  }
  if (failure && failure != std::errc::no_such_file_or_directory) {
    throw file_error("list", directory, failure.value());
  }
}

std::optional<std::int64_t> counted_bytes(const fs::path& directory) {
  try {
    std::int64_t bytes = 0;
    each_file(directory, [&bytes](const fs::path& path) {
      if (const auto entry = entry_at(path)) bytes += entry->bytes;
      return true;
    });
    return bytes;
  } catch (const Error& error) {
    log(LogLevel::warning, kComponent, error.what());
    return std::nullopt;
  }
}

// Where nothing is yet: two files of one name may come to be damaged.
fs::path move_aside(const fs::path& from, const fs::path& to) {
  for (int namesake = 0; namesake < kMostNamesakes; ++namesake) {
    fs::path target = namesake == 0 ? to : fs::path(to) += "." + std::to_string(namesake);
    if (::renameat2(AT_FDCWD, from.c_str(), AT_FDCWD, target.c_str(), RENAME_NOREPLACE) == 0) {
      return target;
    }
    if (errno == EINVAL || errno == ENOSYS) {  // a file system without it
      if (!fs::exists(target) && ::rename(from.c_str(), target.c_str()) == 0) return target;
    } else if (errno != EEXIST) {
      throw file_error("set aside", from, errno);
    }
  }
  throw file_error("set aside", from, EEXIST);
}

}  // namespace

SpoolDirectory::SpoolDirectory(const fs::path& directory)
    : directory_(prepared(directory)),
      files_(make_file_store(directory_)),
      claims_(directory_ / kReservedPart / "claims.lock") {
  count_again(steady_clock::now());
}

fs::path SpoolDirectory::trouble_file() const { return directory_ / kReservedPart / "trouble"; }

PutOutcome SpoolDirectory::add(std::string_view name, const SharedBytes& bytes,
                               const BlobLabels& labels, bool claimed) {
  const std::string leaf = debt_leaf(name);
  const auto file = SharedBytes::adopt(encode_debt(name, bytes, labels));
  const auto size = static_cast<std::int64_t>(file.size());
  for (;;) {
    if (files_->put_if_absent(leaf, file, {}) == PutOutcome::stored) {
      change(size);
      return PutOutcome::stored;
    }
    Debt there;
    const Found found = load(leaf, there);
    if (found == Found::good || found == Found::newer) return PutOutcome::already_there;
    // Absent: it was uploaded, or removed, or set aside since; which one cannot be told, and only
    // for the first could this be left.
    if (found == Found::absent) continue;
    if (claimed) {
      set_aside_if_damaged(leaf);
    } else if (!clear_damage(leaf, kPatience)) {
      throw Error(ErrorCode::storage_failed, "a damaged file is in the way in the spool", true);
    }
  }
}

SpoolDirectory::Found SpoolDirectory::load(const std::string& leaf, Debt& debt) {
  const auto file = files_->get(leaf);
  if (!file) return Found::absent;
  switch (read_debt(*file, debt)) {
    case DebtFile::good: return debt_leaf(debt.name) == leaf ? Found::good : Found::damaged;
    case DebtFile::newer: return Found::newer;
    case DebtFile::damaged: break;
  }
  return Found::damaged;
}

std::optional<Debt> SpoolDirectory::find(std::string_view name) {
  const std::string leaf = debt_leaf(name);
  Debt debt;
  const Found found = load(leaf, debt);
  if (found == Found::damaged) clear_damage(leaf, milliseconds{0});
  if (found != Found::good) return std::nullopt;
  return debt;
}

std::optional<BlobInfo> SpoolDirectory::info(const std::string& leaf) {
  const auto file = files_->get(leaf);
  BlobInfo info;
  if (!file || read_debt_info(*file, info) != DebtFile::good) return std::nullopt;
  if (debt_leaf(info.name) != leaf) return std::nullopt;
  return info;
}

bool SpoolDirectory::holds(std::string_view name) const {
  return entry_at(path_of(debt_leaf(name))).has_value();
}

void SpoolDirectory::discharge(const std::string& leaf) {
  const auto entry = entry_at(path_of(leaf));
  files_->remove(leaf);
  if (entry) change(-entry->bytes);
}

void SpoolDirectory::set_aside(const std::string& leaf) {
  const fs::path aside = directory_ / kDamaged;
  ensure_directory(aside);
  const auto entry = entry_at(path_of(leaf));
  const fs::path target = move_aside(path_of(leaf), aside / leaf);
  sync_directory(aside);
  sync_directory(directory_);
  if (entry) change(-entry->bytes);
  log(LogLevel::error, kComponent,
      leaf + " is damaged, or no debt: it was set aside as " + target.string());
}

bool SpoolDirectory::clear_damage(const std::string& leaf, milliseconds patience) {
  const auto claim = claims_.claim(leaf, steady_clock::now() + patience);
  if (claim) set_aside_if_damaged(leaf);
  return claim.has_value();
}

// Looked at again under the claim: in between another may have set it aside, and what lies there
// now may be sound.
void SpoolDirectory::set_aside_if_damaged(const std::string& leaf) {
  Debt debt;
  if (load(leaf, debt) == Found::damaged) set_aside(leaf);
}

bool SpoolDirectory::forget(std::string_view name) {
  if (!holds(name)) return false;  // nor is it being uploaded: an upload ends before its claim
  const std::string leaf = debt_leaf(name);
  const auto claim = claims_.claim(leaf, steady_clock::now() + kPatience);
  if (!claim) {
    throw Error(ErrorCode::storage_failed,
                "an object is being uploaded for over a minute; remove it again later", true);
  }
  discharge(leaf);
  return true;
}

std::vector<SpoolDirectory::Entry> SpoolDirectory::scan() const {
  std::vector<Entry> entries;
  each_file(directory_, [&](const fs::path& path) {
    if (auto entry = entry_at(path)) entries.push_back(std::move(*entry));
    return true;
  });
  std::sort(entries.begin(), entries.end(), [](const Entry& a, const Entry& b) {
    return std::tie(a.written_ns, a.leaf) < std::tie(b.written_ns, b.leaf);
  });
  return entries;
}

bool SpoolDirectory::is_empty() const {
  bool empty = true;
  each_file(directory_, [&empty](const fs::path&) { return empty = false; });
  return empty;
}

std::int64_t SpoolDirectory::damaged_files() const {
  std::int64_t files = 0;
  each_file(directory_ / kDamaged, [&files](const fs::path&) { return ++files > 0; });
  return files;
}

void SpoolDirectory::change(std::int64_t bytes) {
  MutexLock lock(mutex_);
  bytes_ = std::max<std::int64_t>(0, bytes_ + bytes);
  ++changes_;
}

std::int64_t SpoolDirectory::bytes() const {
  MutexLock lock(mutex_);
  return bytes_;
}

void SpoolDirectory::count_again(steady_clock::time_point now) {
  std::uint64_t before = 0;
  {
    MutexLock lock(mutex_);
    if (now < count_at_) return;
    before = changes_;
  }
  const Stopwatch watch;
  const auto counted = counted_bytes(directory_);
  const milliseconds rest{std::max<std::int64_t>(kCountEvery.count(), watch.ms() * kCountShare)};
  MutexLock lock(mutex_);
  count_at_ = now + rest;
  if (!counted) return;  // the old number stands
  // Whether the count saw what changed meanwhile is not known: rather too full, until the next.
  bytes_ = changes_ == before ? *counted : std::max(*counted, bytes_);
}

void SpoolDirectory::sweep() { sweep_file_store(directory_); }

}  // namespace bhashatts::blob
