// LMDB with C++ lifetimes: environments shared by a process, transactions that end themselves.
//
// What LMDB asks of its callers, and where it is kept here:
// - an environment is opened once a process (a second open of the same file, closed, would drop the
//   process's file locks): a registry by (device, inode);
// - it is not used after fork: the registry is PerProcess, and an inherited Env never calls
//   mdb_env_close;
// - no long read transactions: ReadTxn is a scoped value, reused from a pool of reset ones
// (measured:
//   renew + get 0.25 us, begin + get + abort 0.9 us);
// - one thread of a process at a time asks for the writer lock. It is a robust futex in shared
// memory:
//   when its owner is killed the kernel wakes one waiter, and if that is another thread of the same
//   dying process, nobody else is ever woken (measured: in 1 of some 1,500 kill -9 of a process
//   with several writing threads every other process stood still);
// - 0.9.26 to 0.9.31 race (ITS#9278): refused when opened.
//
// Thread rule: an Env may be used from any thread. A transaction belongs to the thread that made
// it. A write transaction blocks until no other process or thread has one: keep it short.
#pragma once

#include <lmdb.h>
#include <sys/types.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "base/mutex.h"
#include "bhashatts/error.h"

namespace bhashatts::lmdb {

struct EnvOptions {
  std::filesystem::path directory;     // must exist
  std::int64_t map_bytes = 0;          // most it can ever hold; sparse
  std::vector<std::string> databases;  // named databases, made when absent; at most 32
  bool read_only = false;              // databases that are absent then raise storage_damaged
  // Leave out the fsync of the meta page: after a loss of power the last commits may be missing,
  // the rest is whole. For what can be made again.
  bool no_meta_sync = false;
};

// The map is full, not the disk: erasing makes room here, and there it would only lose things. To
// everybody else it is a storage_full as any.
class MapFull : public Error {
 public:
  using Error::Error;
};

// Raises for every return code but 0: storage_full (MDB_MAP_FULL as MapFull, ENOSPC),
// storage_damaged, storage_read_only, else storage_failed.
void check(int rc, std::string_view doing);

class Env {
 public:
  using Id = std::pair<dev_t, ino_t>;

  // The process's environment for the directory: the same one for every caller, who must all ask
  // for the same databases.
  static std::shared_ptr<Env> open(const EnvOptions& options);

  ~Env();
  Env(const Env&) = delete;
  Env& operator=(const Env&) = delete;

  // Handle of options.databases[index].
  MDB_dbi dbi(std::size_t index) const { return dbis_[index]; }
  MDB_env* raw() const { return env_; }
  bool read_only() const { return read_only_; }
  // Bytes of the map in use, an upper bound.
  std::int64_t used_bytes() const;
  std::int64_t map_bytes() const;
  // Frees the slots of readers that died; returns how many.
  int clear_dead_readers();

 private:
  friend class ReadTxn;
  friend class WriteTxn;
  explicit Env(const EnvOptions& options);
  static void close(const Id& id, Env* last);
  void open_databases(const std::vector<std::string>& names);
  bool try_open_databases(const std::vector<std::string>& names, bool make);
  MDB_txn* borrow_reader() EXCLUDES(mutex_);
  void give_back(MDB_txn* reader) noexcept EXCLUDES(mutex_);

  MDB_env* env_ = nullptr;
  std::uint64_t epoch_;
  bool read_only_;
  std::vector<MDB_dbi> dbis_;
  Mutex mutex_;
  std::vector<MDB_txn*> idle_readers_ GUARDED_BY(mutex_);
  std::mutex writing_;  // whose turn it is in this process
};

// What both kinds of transaction can read. Views are valid until the transaction ends (or, in a
// write transaction, until the next write).
class Txn {
 public:
  std::optional<std::string_view> get(MDB_dbi dbi, std::string_view key) const;
  std::int64_t count(MDB_dbi dbi) const;
  MDB_txn* raw() const { return txn_; }

 protected:
  Txn() = default;
  ~Txn() = default;
  MDB_txn* txn_ = nullptr;
};

class ReadTxn : public Txn {
 public:
  explicit ReadTxn(Env& env) : env_(env) { txn_ = env.borrow_reader(); }
  ~ReadTxn() { env_.give_back(txn_); }
  ReadTxn(const ReadTxn&) = delete;
  ReadTxn& operator=(const ReadTxn&) = delete;

 private:
  Env& env_;
};

// Aborts unless committed.
class WriteTxn : public Txn {
 public:
  explicit WriteTxn(Env& env);
  ~WriteTxn();
  WriteTxn(const WriteTxn&) = delete;
  WriteTxn& operator=(const WriteTxn&) = delete;

  void put(MDB_dbi dbi, std::string_view key, std::string_view value);
  // As put, for keys that ascend: fills pages to the brim.
  void append(MDB_dbi dbi, std::string_view key, std::string_view value);
  // False when there was none.
  bool erase(MDB_dbi dbi, std::string_view key);
  void commit();

 private:
  std::unique_lock<std::mutex> turn_;
};

// A walk over keys and values in key order, inside a transaction.
class Cursor {
 public:
  Cursor(const Txn& txn, MDB_dbi dbi);
  ~Cursor();
  Cursor(const Cursor&) = delete;
  Cursor& operator=(const Cursor&) = delete;

  // Each returns false when there is nothing there; key() and value() are then stale.
  bool first() { return move(MDB_FIRST); }
  bool last() { return move(MDB_LAST); }
  bool next() { return move(MDB_NEXT); }
  // The first key that is not less than `key`.
  bool seek(std::string_view key);
  void erase_current();  // in a write transaction; next() goes on behind it

  std::string_view key() const;
  std::string_view value() const;

 private:
  bool move(MDB_cursor_op operation);
  MDB_cursor* cursor_ = nullptr;
  MDB_val key_{};
  MDB_val value_{};
};

// Big-endian numbers as keys, so that they sort.
std::string be64(std::uint64_t number);
std::uint64_t from_be64(std::string_view bytes);  // 0 unless 8 bytes

}  // namespace bhashatts::lmdb
