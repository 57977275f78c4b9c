// Pays what is owed, oldest first, one upload at a time and by one process of the host.
//
// It has no thread: whoever has one calls step() and comes again when it says. The
// process that pays keeps the lock for as long as anything is owed, also while it pauses, so that a
// store in trouble is asked by one process and not by all in turn; with nothing owed it lets go, so
// that whoever puts next uploads at once.
//
// Thread rule: one thread.
#pragma once

#include <chrono>
#include <deque>
#include <map>
#include <optional>
#include <random>
#include <string>

#include "base/lock_file.h"
#include "base/waiter.h"
#include "bhashatts/blob_store.h"
#include "bhashatts/error.h"
#include "blob/spool_directory.h"
#include "blob/spool_trouble.h"
#include "blob/spooled_store.h"

namespace bhashatts::blob {

// Whether an upload failed for what it was, not for the state of the store.
bool is_own_fault(const Error& error) noexcept;

class SpoolPayer {
 public:
  SpoolPayer(SpoolDirectory& spool, BlobStore& far, SpoolTrouble& trouble,
             const SpoolOptions& options, const Waiter& clock = real_waiter())
      : spool_(spool), far_(far), trouble_(trouble), options_(options), clock_(clock) {}

  // At most one upload. Returns how long the next step may be put off; zero: there is more to do.
  // hurry: whatever was put off is tried now.
  std::chrono::milliseconds step(bool hurry = false) noexcept;

 private:
  struct Pause {
    std::chrono::milliseconds length{0};
    std::chrono::steady_clock::time_point due{};
    std::optional<Error> trouble;
  };

  std::chrono::milliseconds try_step(bool hurry);
  std::chrono::milliseconds until(std::chrono::steady_clock::time_point due) const;
  bool lead();
  bool fill();
  std::chrono::milliseconds rest() const;
  void pay_next();
  void pay(const std::string& leaf);
  bool may_be_its_own(const Error& error);
  std::optional<Error> upload(const Debt& debt);
  void postpone(const std::string& leaf, const Error& error);
  void fail(const Error& error);
  void lengthen(Pause& pause, const Error& error);
  void tell() noexcept;

  SpoolDirectory& spool_;
  BlobStore& far_;
  SpoolTrouble& trouble_;
  const SpoolOptions options_;
  const Waiter& clock_;
  std::minstd_rand random_{std::random_device{}()};
  std::optional<LockFile::Lock> lead_;
  std::deque<std::string> queue_;           // names of files, oldest first
  Pause store_;                             // of all uploads
  std::map<std::string, Pause> postponed_;  // of single debts
  std::chrono::milliseconds look_{0};
  int refused_ = 0;  // in a row, for good
};

}  // namespace bhashatts::blob
