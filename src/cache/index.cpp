// Opening is one at a time among the processes of a host (a lock that the kernel frees): LMDB can
// fail when another process opens or closes at the same instant, and two processes must not set
// the same index aside twice.
//
// What is looked at before the first read: the meta pages, every branch page, and up to kMaxLeaves
// leaf pages, which is all of an index of some 10,000 entries (about 1 ms). A damaged leaf beyond
// that can give a wrong value, which its own checksum catches, but no crash to a reader; a writer
// it could lead astray, so the first write of a process looks at all pages (`whole`).
#include "cache/index.h"

#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <system_error>
#include <thread>

#include "base/files.h"
#include "base/hash.h"
#include "base/lmdb_check.h"
#include "base/log.h"
#include "bhashatts/error.h"

namespace bhashatts::cache {
namespace {

namespace fs = std::filesystem;

using lmdb::Soundness;

constexpr std::uint64_t kOpeningLock = 1;
constexpr std::size_t kMaxLeaves = 1024;
constexpr std::size_t kAllLeaves = ~std::size_t{0};
constexpr std::size_t kNumbers = 7;

fs::path index_directory(const fs::path& directory) { return directory / "index"; }

std::array<std::uint64_t, kNumbers> numbers_of(const Totals& totals) {
  return {totals.bytes[0], totals.bytes[1], totals.count[0], totals.count[1],
          totals.ghosts,   totals.sequence, totals.rebuild};
}

LockFile::Lock wait_for_opening(LockFile& locks) {
  using namespace std::chrono_literals;
  for (int attempt = 0; attempt < 10'000; ++attempt) {
    if (auto lock = locks.try_lock(kOpeningLock)) return std::move(*lock);
    std::this_thread::sleep_for(500us);
  }
  throw Error(ErrorCode::storage_failed,
              "another process has been opening the cache for five seconds", true);
}

lmdb::EnvOptions env_options(const Index::Options& options, bool with_databases) {
  lmdb::EnvOptions env;
  env.directory = index_directory(options.directory);
  env.map_bytes = options.map_bytes;
  env.read_only = options.read_only;
  env.no_meta_sync = true;  // the audio can be made again; the tree stays whole all the same
  if (with_databases) env.databases = {"entries", "fifo", "ghost", "totals"};
  return env;
}

std::uint64_t inode_of(const fs::path& path) {
  struct stat status {};
  return ::stat(path.c_str(), &status) == 0 ? status.st_ino : 0;
}

// Through an environment without databases: opening those would walk pages already.
Soundness look_over(const Index::Options& options, const fs::path& data_file, std::size_t leaves) {
  const auto env = lmdb::Env::open(env_options(options, false));
  const lmdb::ReadTxn txn(*env);
  return lmdb::check_pages(txn.raw(), data_file, leaves);
}

// The damaged one is kept until the next, or until a sweep finds it a day old: somebody may want
// to know what happened, and processes that still have it open must not see its inode used anew.
void set_aside(const Index::Options& options, const char* why) {
  log(LogLevel::warning, "cache",
      std::string("the cache index is damaged (") + why + "); it is rebuilt from the audio files");
  const fs::path damaged = options.directory / "index.damaged";
  fs::remove_all(damaged);
  fs::rename(index_directory(options.directory), damaged);
  ensure_directory(index_directory(options.directory));
}

}  // namespace

std::string encode(const Totals& totals) {
  std::string bytes;
  for (const std::uint64_t number : numbers_of(totals)) bytes += lmdb::be64(number);
  return bytes + lmdb::be64(xxh3_64(bytes));
}

Totals decode_totals(std::string_view bytes) {
  constexpr std::size_t kSize = kNumbers * 8;
  if (bytes.size() != kSize + 8 ||
      lmdb::from_be64(bytes.substr(kSize)) != xxh3_64(bytes.substr(0, kSize))) {
    throw Error(ErrorCode::storage_damaged, "the totals of the cache index are damaged");
  }
  const auto number = [&](std::size_t i) { return lmdb::from_be64(bytes.substr(i * 8, 8)); };
  Totals totals;
  totals.bytes[0] = number(0);
  totals.bytes[1] = number(1);
  totals.count[0] = number(2);
  totals.count[1] = number(3);
  totals.ghosts = number(4);
  totals.sequence = number(5);
  totals.rebuild = number(6);
  return totals;
}

Index::Index(const Options& options)
    : data_file_(index_directory(options.directory) / "data.mdb"),
      env_(lmdb::Env::open(env_options(options, true))),
      inode_(inode_of(data_file_)) {}

std::shared_ptr<Index> Index::open_sound(const Options& options, Depth depth) {
  const fs::path data_file = index_directory(options.directory) / "data.mdb";
  if (!lmdb::metas_are_sound(data_file)) {
    throw Error(ErrorCode::storage_damaged, "its meta pages make no sense");
  }
  const Soundness soundness =
      look_over(options, data_file, depth == Depth::quick ? kMaxLeaves : kAllLeaves);
  if (soundness == Soundness::damaged) {
    throw Error(ErrorCode::storage_damaged, "its pages make no sense");
  }
  std::shared_ptr<Index> index(new Index(options));
  index->all_seen_ = soundness == Soundness::whole;
  const lmdb::ReadTxn txn(index->env());
  index->totals(txn);
  return index;
}

std::shared_ptr<Index> Index::open(const Options& options, const std::shared_ptr<LockFile>& locks,
                                   Depth depth) {
  const fs::path directory = index_directory(options.directory);
  if (options.read_only) {
    if (inode_of(directory / "data.mdb") == 0) return nullptr;
    try {
      return open_sound(options, depth);
    } catch (const Error& error) {
      log(LogLevel::warning, "cache", error.what());
      return nullptr;
    }
  }
  const auto lock = wait_for_opening(*locks);
  ensure_directory(directory);
  try {
    return open_sound(options, depth);
  } catch (const Error& error) {
    if (error.code() != ErrorCode::storage_damaged) throw;
    set_aside(options, error.what());
  }
  return open_sound(options, depth);
}

// A new index has none: whether there is something to rebuild from is for the tier to find out.
Totals Index::totals(const lmdb::Txn& txn) const {
  const auto bytes = txn.get(dbi(kTotals), "totals");
  if (bytes) return decode_totals(*bytes);
  Totals fresh;
  fresh.rebuild = 1;
  return fresh;
}

bool Index::replaced() const {
  const std::uint64_t now = inode_of(data_file_);
  return now != 0 && now != inode_;
}

bool Index::whole() {
  if (all_seen_) return true;
  const lmdb::ReadTxn txn(*env_);
  const bool whole = lmdb::check_pages(txn.raw(), data_file_, kAllLeaves) == Soundness::whole;
  all_seen_ = whole;
  return whole;
}

}  // namespace bhashatts::cache
