#include "base/lmdb.h"

#include <sys/stat.h>

#include <cerrno>
#include <map>
#include <utility>

#include "base/files.h"
#include "base/per_process.h"
#include "bhashatts/error.h"

namespace bhashatts::lmdb {
namespace {

struct Registry {
  Mutex mutex;
  CondVar closed;
  std::map<Env::Id, std::weak_ptr<Env>> environments GUARDED_BY(mutex);
};

// Never destroyed: an Env may outlive every static.
PerProcess<Registry>& registry() {
  static auto* const instance =
      new PerProcess<Registry>([] { return std::make_unique<Registry>(); });
  return *instance;
}

Env::Id file_id(const std::filesystem::path& directory) {
  struct stat status {};
  if (::stat(directory.c_str(), &status) != 0) throw file_error("stat", directory, errno);
  return {status.st_dev, status.st_ino};
}

void refuse_broken_versions() {
  int major = 0;
  int minor = 0;
  int patch = 0;
  mdb_version(&major, &minor, &patch);
  if (major == 0 && minor == 9 && patch >= 26 && patch <= 31) {
    throw Error(ErrorCode::not_supported,
                "LMDB 0.9." + std::to_string(patch) +
                    " loses data under concurrent use; install 0.9.25 or older, 0.9.32 or newer");
  }
}

MDB_val to_val(std::string_view bytes) {
  return {bytes.size(), const_cast<char*>(bytes.data())};  // LMDB does not write through it
}

std::string_view to_view(const MDB_val& value) {
  return {static_cast<const char*>(value.mv_data), value.mv_size};
}

ErrorCode code_of(int rc) {
  switch (rc) {
    case MDB_MAP_FULL:
    case ENOSPC:
    case EDQUOT: return ErrorCode::storage_full;
    case MDB_INVALID:
    case MDB_CORRUPTED:
    case MDB_PAGE_NOTFOUND:
    case MDB_VERSION_MISMATCH:
    case MDB_PANIC:
    case MDB_CURSOR_FULL:  // a tree deeper than LMDB makes one
    case MDB_PAGE_FULL:
    case MDB_BAD_TXN:  // after an error that LMDB kept to itself; ours all end the transaction
    case MDB_INCOMPATIBLE: return ErrorCode::storage_damaged;
    case EROFS: return ErrorCode::storage_read_only;
    default: return ErrorCode::storage_failed;
  }
}

}  // namespace

void check(int rc, std::string_view doing) {
  if (rc == MDB_SUCCESS) return;
  const ErrorCode code = code_of(rc);
  const std::string message = "cannot " + std::string(doing) + ": " + mdb_strerror(rc);
  if (rc == MDB_MAP_FULL) throw MapFull(code, message, true);
  throw Error(code, message, code == ErrorCode::storage_full);
}

std::shared_ptr<Env> Env::open(const EnvOptions& options) {
  refuse_broken_versions();
  const Id id = file_id(options.directory);
  Registry& known = registry().get();
  MutexLock lock(known.mutex);
  // An entry that cannot be locked is being closed: opening the file before that has ended would
  // have the close drop the new one's file locks.
  for (auto found = known.environments.find(id); found != known.environments.end();
       found = known.environments.find(id)) {
    if (auto env = found->second.lock()) return env;
    known.closed.wait(known.mutex);
  }
  std::unique_ptr<Env> made(new Env(options));
  std::shared_ptr<Env> env(made.release(), [id](Env* last) { close(id, last); });
  known.environments[id] = env;
  return env;
}

void Env::close(const Id& id, Env* last) {
  Registry& known = registry().get();
  MutexLock lock(known.mutex);
  delete last;
  known.environments.erase(id);
  known.closed.notify_all();
}

Env::Env(const EnvOptions& options) : epoch_(process_epoch()), read_only_(options.read_only) {
  check(mdb_env_create(&env_), "create an LMDB environment");
  try {
    check(mdb_env_set_mapsize(env_, static_cast<std::size_t>(options.map_bytes)), "set map size");
    check(mdb_env_set_maxdbs(env_, 32), "set number of databases");
    check(mdb_env_set_maxreaders(env_, 1024), "set number of readers");
    unsigned flags = MDB_NOTLS | MDB_NORDAHEAD;
    if (options.read_only) flags |= MDB_RDONLY;
    if (options.no_meta_sync) flags |= MDB_NOMETASYNC;
    check(mdb_env_open(env_, options.directory.c_str(), flags, 0644),
          "open " + options.directory.string());
    clear_dead_readers();
    open_databases(options.databases);
  } catch (...) {
    mdb_env_close(env_);
    throw;
  }
}

Env::~Env() {
  if (epoch_ != process_epoch()) return;  // it is the parent's: see the head of lmdb.h
  for (MDB_txn* reader : idle_readers_) mdb_txn_abort(reader);
  mdb_env_close(env_);
}

// By reading first: to open what is there must not wait for whoever is writing.
void Env::open_databases(const std::vector<std::string>& names) {
  if (names.empty() || try_open_databases(names, false)) return;
  if (read_only_) throw Error(ErrorCode::storage_damaged, "a database is absent");
  try_open_databases(names, true);
}

// False when one is absent and was not to be made.
bool Env::try_open_databases(const std::vector<std::string>& names, bool make) {
  MDB_txn* txn = nullptr;
  check(mdb_txn_begin(env_, nullptr, make ? 0U : MDB_RDONLY, &txn), "begin a transaction");
  dbis_.clear();
  try {
    for (const std::string& name : names) {
      MDB_dbi dbi = 0;
      const int rc = mdb_dbi_open(txn, name.c_str(), make ? MDB_CREATE : 0U, &dbi);
      if (rc == MDB_NOTFOUND && !make) {
        mdb_txn_abort(txn);
        return false;
      }
      check(rc, "open database " + name);
      dbis_.push_back(dbi);
    }
  } catch (...) {
    mdb_txn_abort(txn);
    throw;
  }
  check(mdb_txn_commit(txn), "commit the databases");
  return true;
}

std::int64_t Env::used_bytes() const {
  MDB_envinfo info{};
  MDB_stat stat{};
  mdb_env_info(env_, &info);
  mdb_env_stat(env_, &stat);
  return static_cast<std::int64_t>((info.me_last_pgno + 1) * stat.ms_psize);
}

std::int64_t Env::map_bytes() const {
  MDB_envinfo info{};
  mdb_env_info(env_, &info);
  return static_cast<std::int64_t>(info.me_mapsize);
}

int Env::clear_dead_readers() {
  int dead = 0;
  mdb_reader_check(env_, &dead);
  return dead;
}

MDB_txn* Env::borrow_reader() {
  MDB_txn* reader = nullptr;
  {
    MutexLock lock(mutex_);
    if (!idle_readers_.empty()) {
      reader = idle_readers_.back();
      idle_readers_.pop_back();
    }
  }
  if (reader == nullptr) {
    check(mdb_txn_begin(env_, nullptr, MDB_RDONLY, &reader), "begin reading");
    return reader;
  }
  const int rc = mdb_txn_renew(reader);
  if (rc != MDB_SUCCESS) {
    mdb_txn_abort(reader);
    check(rc, "begin reading");
  }
  return reader;
}

// At most 64 idle ones: each holds one of the 1,024 reader slots that all processes share.
void Env::give_back(MDB_txn* reader) noexcept {
  mdb_txn_reset(reader);
  MutexLock lock(mutex_);
  if (idle_readers_.size() >= 64) {
    mdb_txn_abort(reader);
    return;
  }
  try {
    idle_readers_.push_back(reader);
  } catch (...) {
    mdb_txn_abort(reader);
  }
}

std::optional<std::string_view> Txn::get(MDB_dbi dbi, std::string_view key) const {
  MDB_val k = to_val(key);
  MDB_val v{};
  const int rc = mdb_get(txn_, dbi, &k, &v);
  if (rc == MDB_NOTFOUND) return std::nullopt;
  check(rc, "read");
  return to_view(v);
}

std::int64_t Txn::count(MDB_dbi dbi) const {
  MDB_stat stat{};
  check(mdb_stat(txn_, dbi, &stat), "count entries");
  return static_cast<std::int64_t>(stat.ms_entries);
}

WriteTxn::WriteTxn(Env& env) {
  if (env.read_only()) throw Error(ErrorCode::storage_read_only, "opened read-only");
  turn_ = std::unique_lock(env.writing_);
  check(mdb_txn_begin(env.raw(), nullptr, 0, &txn_), "begin writing");
}

WriteTxn::~WriteTxn() {
  if (txn_ != nullptr) mdb_txn_abort(txn_);
}

void WriteTxn::put(MDB_dbi dbi, std::string_view key, std::string_view value) {
  MDB_val k = to_val(key);
  MDB_val v = to_val(value);
  check(mdb_put(txn_, dbi, &k, &v, 0), "write");
}

void WriteTxn::append(MDB_dbi dbi, std::string_view key, std::string_view value) {
  MDB_val k = to_val(key);
  MDB_val v = to_val(value);
  check(mdb_put(txn_, dbi, &k, &v, MDB_APPEND), "append");
}

bool WriteTxn::erase(MDB_dbi dbi, std::string_view key) {
  MDB_val k = to_val(key);
  const int rc = mdb_del(txn_, dbi, &k, nullptr);
  if (rc == MDB_NOTFOUND) return false;
  check(rc, "erase");
  return true;
}

void WriteTxn::commit() {
  const int rc = mdb_txn_commit(std::exchange(txn_, nullptr));
  turn_.unlock();
  check(rc, "commit");
}

Cursor::Cursor(const Txn& txn, MDB_dbi dbi) {
  check(mdb_cursor_open(txn.raw(), dbi, &cursor_), "open a cursor");
}

Cursor::~Cursor() { mdb_cursor_close(cursor_); }

bool Cursor::move(MDB_cursor_op operation) {
  const int rc = mdb_cursor_get(cursor_, &key_, &value_, operation);
  if (rc == MDB_NOTFOUND) return false;
  check(rc, "walk");
  return true;
}

bool Cursor::seek(std::string_view key) {
  key_ = to_val(key);
  return move(MDB_SET_RANGE);
}

void Cursor::erase_current() { check(mdb_cursor_del(cursor_, 0), "erase"); }

std::string_view Cursor::key() const { return to_view(key_); }
std::string_view Cursor::value() const { return to_view(value_); }

std::string be64(std::uint64_t number) {
  std::string bytes(8, '\0');
  for (int i = 7; i >= 0; --i, number >>= 8U) {
    bytes[static_cast<std::size_t>(i)] = static_cast<char>(number & 0xffU);
  }
  return bytes;
}

std::uint64_t from_be64(std::string_view bytes) {
  if (bytes.size() != 8) return 0;
  std::uint64_t number = 0;
  for (const char byte : bytes) number = (number << 8U) | static_cast<unsigned char>(byte);
  return number;
}

}  // namespace bhashatts::lmdb
