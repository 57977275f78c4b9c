#include "catalog/opening.h"

#include <sys/stat.h>
#include <unistd.h>

#include <cerrno>
#include <string>
#include <thread>

#include "base/files.h"
#include "base/lmdb_check.h"
#include "base/log.h"
#include "bhashatts/error.h"
#include "catalog/damage.h"

namespace bhashatts::catalog {
namespace {

namespace fs = std::filesystem;

constexpr std::uint64_t kFormat = 1;
constexpr std::uint64_t kTurn = 1;  // the offset of the turn in owners.lock
// Longer than an examination may take.
constexpr std::chrono::seconds kPatience{60};

bool is_there(const fs::path& path) { return ::access(path.c_str(), F_OK) == 0; }

// "opening" lies there while the object lives, and after it if the process dies.
class OpeningMark {
 public:
  explicit OpeningMark(fs::path path) : path_(std::move(path)), was_left_(is_there(path_)) {
    if (!was_left_) write_new_file(path_, {}, Sync::none);
  }
  ~OpeningMark() { ::unlink(path_.c_str()); }
  OpeningMark(const OpeningMark&) = delete;
  OpeningMark& operator=(const OpeningMark&) = delete;
  bool was_left() const { return was_left_; }

 private:
  fs::path path_;
  bool was_left_;
};

lmdb::EnvOptions env_options(const CatalogOptions& options, const fs::path& directory) {
  return {.directory = directory,
          .map_bytes = options.map_bytes,
          .databases = kDatabaseNames,
          .read_only = options.read_only};
}

void check_format(const lmdb::Txn& txn, const Store& store) {
  const auto format = txn.get(store.dbi(Db::meta), "format");
  if (format && lmdb::from_be64(*format) > kFormat) {
    throw Error(ErrorCode::storage_newer,
                "the catalog was written by a newer version; upgrade, or use another data "
                "directory");
  }
}

// Bounded whatever the size of the catalog: a few pages of each database.
void look_at_both_ends(const Store& store) {
  const lmdb::ReadTxn txn(*store.env);
  check_format(txn, store);
  for (std::size_t i = 0; i < kDatabases; ++i) {
    lmdb::Cursor cursor(txn, store.env->dbi(i));
    if (cursor.first()) cursor.last();
  }
}

void begin_format(Store& store) {
  {
    const lmdb::ReadTxn txn(*store.env);
    if (txn.get(store.dbi(Db::meta), "format")) return;
  }
  lmdb::WriteTxn txn(*store.env);
  txn.put(store.dbi(Db::meta), "format", lmdb::be64(kFormat));
  txn.commit();
}

// Ids and sums are in the totals: without them nothing may be written.
void mend_totals(Store& store) {
  {
    const lmdb::ReadTxn txn(*store.env);
    const auto bytes = txn.get(store.dbi(Db::totals), kTotalsKey);
    if (!bytes || decode<StoredTotals>(*bytes)) return;
  }
  log(LogLevel::warning, "catalog", "the totals cannot be read and are counted anew");
  Change change(store);
  change.totals = recount(change.txn(), store, change.totals);
  change.commit();
}

void try_open(const CatalogOptions& options, const fs::path& directory, Store& store) {
  store.env = lmdb::Env::open(env_options(options, directory));
  look_at_both_ends(store);
}

void set_aside_and_begin(const CatalogOptions& options, const fs::path& directory, Store& store) {
  store.env.reset();
  const fs::path aside = set_aside(directory);
  log(LogLevel::error, "catalog",
      "the catalog is damaged; it was set aside as " + aside.string() + " and an empty one begun");
  ensure_directory(directory);
  store.was_damaged = true;
  try_open(options, directory, store);
}

fs::path suspicion(const CatalogOptions& options) { return options.directory / "suspect"; }

bool is_suspect(const CatalogOptions& options, const fs::path& directory, bool opener_died) {
  if (!is_there(directory / "data.mdb")) return false;
  return opener_died || is_there(suspicion(options)) || !is_whole(directory) ||
         !lmdb::metas_are_sound(directory / "data.mdb");
}

void open_to_read(const CatalogOptions& options, const fs::path& directory, Store& store) {
  if (!is_there(directory / "data.mdb")) {
    throw Error(ErrorCode::storage_read_only, "there is no catalog in " +
                                                  options.directory.string() +
                                                  " and none can be made: it is opened read-only");
  }
  const auto env = env_options(options, directory);
  if (is_suspect(options, directory, false) && !survives_examination(env)) {
    throw Error(ErrorCode::storage_damaged,
                "the catalog in " + options.directory.string() +
                    " is damaged; open it writable once to have it set aside");
  }
  try_open(options, directory, store);
}

void open_to_write(const CatalogOptions& options, const fs::path& directory, Store& store) {
  ensure_directory(directory);
  store.owners = LockFile::open(options.directory / "owners.lock");
  store.token = store.owners->lock_any();
  const auto turn = wait_for_turn(*store.owners, kPatience);
  const OpeningMark mark(options.directory / "opening");
  if (is_suspect(options, directory, mark.was_left()) &&
      !survives_examination(env_options(options, directory))) {
    set_aside_and_begin(options, directory, store);
  } else {
    try {
      try_open(options, directory, store);
    } catch (const Error& error) {
      if (error.code() != ErrorCode::storage_damaged) throw;
      set_aside_and_begin(options, directory, store);
    }
  }
  ::unlink(suspicion(options).c_str());
  begin_format(store);
  mend_totals(store);
}

}  // namespace

void open_store(const CatalogOptions& options, Store& store) {
  store.options = options;
  const fs::path directory = options.directory / "db";
  if (options.read_only) {
    open_to_read(options, directory, store);
  } else {
    open_to_write(options, directory, store);
  }
}

bool examine(const Store& store) {
  const CatalogOptions& options = store.options;
  if (survives_examination(env_options(options, options.directory / "db"))) return true;
  store.is_damaged = true;
  if (!options.read_only && !is_there(suspicion(options))) {
    write_new_file(suspicion(options), {}, Sync::none);
  }
  return false;
}

LockFile::Lock wait_for_turn(LockFile& owners, std::chrono::milliseconds patience) {
  const auto until = std::chrono::steady_clock::now() + patience;
  for (;;) {
    if (auto turn = owners.try_lock(kTurn)) return std::move(*turn);
    if (std::chrono::steady_clock::now() > until) {
      throw Error(ErrorCode::storage_failed,
                  "another process has been opening the catalog for too long", true);
    }
    std::this_thread::sleep_for(std::chrono::microseconds(500));
  }
}

}  // namespace bhashatts::catalog
