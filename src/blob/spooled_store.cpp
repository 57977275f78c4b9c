// Where an object is looked for: the spool first, then the far store. It only ever moves that way
// (an upload ends before its debt is discharged), so whoever looks in this order misses none that
// is on its way.
#include "blob/spooled_store.h"

#include <algorithm>
#include <thread>
#include <unordered_set>
#include <utility>

#include "base/clock.h"
#include "base/log.h"
#include "base/mutex.h"
#include "blob/object_name.h"
#include "blob/spool_directory.h"
#include "blob/spool_payer.h"
#include "blob/spool_trouble.h"

namespace bhashatts::blob {
namespace {

using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::string_view kComponent = "blob.spool";
// Before the first look at debts of earlier processes: a command that only asks for the status is
// over by then, and never has an upload to wait for.
constexpr milliseconds kFirstLook{1'000};
// The bytes are counted meanwhile, also while uploads pause for minutes.
constexpr milliseconds kLongestSleep{1'000};
// How soon drain() sees that another process has paid the last debt, or has died.
constexpr milliseconds kDrainLook{50};
// For the claim of an object that another is uploading or removing just now.
constexpr milliseconds kPatience{60'000};

// The thread that pays.
class Uploads {
 public:
  Uploads(SpoolDirectory& spool, BlobStore& far, SpoolTrouble& trouble, const SpoolOptions& options)
      : spool_(spool), payer_(spool, far, trouble, options), thread_([this] { run(); }) {}
  ~Uploads() {
    {
      MutexLock lock(mutex_);
      stopping_ = true;
    }
    changed_.notify_all();
    thread_.join();
  }
  Uploads(const Uploads&) = delete;
  Uploads& operator=(const Uploads&) = delete;

  void wake(bool hurry = false) EXCLUDES(mutex_) {
    {
      MutexLock lock(mutex_);
      woken_ = true;
      hurry_ = hurry_ || hurry;
    }
    changed_.notify_all();
  }

  // A process without the lock asks for it at every look: the one that has it may be gone.
  bool drain(steady_clock::time_point until) EXCLUDES(mutex_) {
    bool hurry = true;
    auto look = steady_clock::now();
    for (auto rested = rests(); !spool_.is_empty(); rested = rests()) {
      const auto now = steady_clock::now();
      if (now >= until) return false;
      if (now >= look) {
        wake(std::exchange(hurry, false));
        look = now + kDrainLook;
      }
      MutexLock lock(mutex_);
      while (rests_ == rested) {
        if (!changed_.wait_until(mutex_, std::min(until, look))) break;
      }
    }
    return true;
  }

 private:
  enum class Turn { stop, step, hurry };

  void run() {
    milliseconds pause = kFirstLook;
    for (;;) {
      const Turn turn = await_turn(pause);
      if (turn == Turn::stop) return;
      pause = payer_.step(turn == Turn::hurry);
      spool_.count_again(steady_clock::now());
      if (pause > milliseconds{0}) tell_rest();
    }
  }

  Turn await_turn(milliseconds pause) EXCLUDES(mutex_) {
    const auto until = steady_clock::now() + std::min(pause, kLongestSleep);
    MutexLock lock(mutex_);
    while (!stopping_ && !woken_) {
      if (!changed_.wait_until(mutex_, until)) break;
    }
    woken_ = false;
    if (stopping_) return Turn::stop;
    return std::exchange(hurry_, false) ? Turn::hurry : Turn::step;
  }

  std::uint64_t rests() EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    return rests_;
  }
  void tell_rest() EXCLUDES(mutex_) {
    {
      MutexLock lock(mutex_);
      ++rests_;
    }
    changed_.notify_all();
  }

  SpoolDirectory& spool_;
  SpoolPayer payer_;  // the thread's
  Mutex mutex_;
  CondVar changed_;
  bool stopping_ GUARDED_BY(mutex_) = false;
  bool woken_ GUARDED_BY(mutex_) = false;
  bool hurry_ GUARDED_BY(mutex_) = false;
  std::uint64_t rests_ GUARDED_BY(mutex_) = 0;  // how often there was nothing left to do
  std::thread thread_;                          // last: it uses all of the above
};

// For who waits for the far store: it is not there yet, but owed, so asking again makes sense. What
// the object's own nature forbids stays as it is.
Error still_owed(const Error& error) {
  if (is_own_fault(error)) return error;
  const bool of_storage = static_cast<int>(error.code()) / 100 == 6;
  return Error(of_storage ? error.code() : ErrorCode::storage_failed, error.what(), true,
               error.retry_after())
      .detailed(error.detail());
}

class Spooled final : public SpooledStore {
 public:
  Spooled(std::shared_ptr<BlobStore> far, const SpoolOptions& options)
      : far_(std::move(far)),
        options_(options),
        spool_(options.directory),
        trouble_(spool_.trouble_file()) {
    spool_.sweep();
    uploads_.emplace(spool_, *far_, trouble_, options_);
  }

  std::optional<SharedBytes> get(std::string_view name) override {
    refuse_bad_name(name);
    if (auto owed = spool_.find(name)) {
      if (!options_.write_through) return std::move(owed->bytes);
      settle(name);
    }
    return far_->get(name);
  }

  PutOutcome put_if_absent(std::string_view name, const SharedBytes& bytes,
                           const BlobLabels& labels) override {
    refuse_bad_name(name);
    if (options_.write_through) return put_through(name, bytes, labels);
    const PutOutcome outcome = spool_.add(name, bytes, labels);
    uploads_->wake();
    return outcome;
  }

  std::optional<BlobInfo> info(std::string_view name) override {
    refuse_bad_name(name);
    if (auto owed = spool_.info(debt_leaf(name))) return owed;
    return far_->info(name);
  }

  void remove(std::string_view name) override {
    refuse_bad_name(name);
    spool_.forget(name);  // first: a kill in between must not leave a debt of what was removed
    far_->remove(name);
  }

  void remove_all(std::span<const std::string> names) override {
    std::optional<Error> trouble;
    const auto go_on = [&trouble](const auto& call) {
      try {
        call();
      } catch (const Error& error) {
        if (!trouble) trouble = error;
      }
    };
    for (const std::string& name : names) {
      go_on([&] {
        refuse_bad_name(name);
        spool_.forget(name);
      });
    }
    go_on([&] { far_->remove_all(names); });
    if (trouble) throw Error(*trouble);
  }

  void list(std::string_view prefix, const std::function<bool(const BlobInfo&)>& visit) override {
    std::unordered_set<std::string> seen;
    for (const auto& entry : spool_.scan()) {
      const auto owed = spool_.info(entry.leaf);
      if (!owed || !owed->name.starts_with(prefix)) continue;
      if (seen.insert(owed->name).second && !visit(*owed)) return;
    }
    far_->list(prefix,
               [&](const BlobInfo& info) { return seen.contains(info.name) || visit(info); });
  }

  // None while it is owed: whoever followed it would find nothing there.
  std::string url(std::string_view name) const override {
    return spool_.holds(name) ? std::string() : far_->url(name);
  }

  // A debt's file is more than the object; and the far store's file is not there yet.
  std::optional<std::string> local_path(std::string_view name) const override {
    auto path = far_->local_path(name);
    if (path && spool_.holds(name)) return std::nullopt;
    return path;
  }

  SpoolStatus spool_status() override {
    SpoolStatus status;
    const auto entries = spool_.scan();
    for (const auto& entry : entries) status.bytes += entry.bytes;
    status.entries = static_cast<std::int64_t>(entries.size());
    if (!entries.empty()) {
      const std::int64_t age_ms = unix_ms() - entries.front().written_ns / 1'000'000;
      status.oldest = std::chrono::seconds(std::max<std::int64_t>(0, age_ms / 1000));
    }
    if (!entries.empty()) status.trouble = trouble_.last();  // else it is over, told or not
    if (!status.trouble) status.trouble = damage();
    return status;
  }

  bool is_full() override { return spool_.bytes() >= options_.max_bytes; }

  bool drain(steady_clock::time_point until) override { return uploads_->drain(until); }

 private:
  // Claimed before it is spooled, so that the thread that pays, and those of other processes, leave
  // it to this call, and what the far store says is said here.
  PutOutcome put_through(std::string_view name, const SharedBytes& bytes,
                         const BlobLabels& labels) {
    const std::string leaf = debt_leaf(name);
    const auto claim = spool_.claims().claim(leaf, steady_clock::now() + kPatience);
    PutOutcome placed = PutOutcome::stored;
    try {
      placed = spool_.add(name, bytes, labels, claim.has_value());
    } catch (const Error& error) {
      if (error.code() != ErrorCode::storage_full || !claim) throw;
      return put_far(name, bytes, labels);
    }
    if (!claim) {
      uploads_->wake();
      throw busy();
    }
    const PutOutcome outcome = pay_at_once(leaf);
    return placed == PutOutcome::stored ? outcome : placed;
  }

  // Whoever reads through to the far store is not to be told of what it does not have yet.
  void settle(std::string_view name) {
    const std::string leaf = debt_leaf(name);
    const auto claim = spool_.claims().claim(leaf, steady_clock::now() + kPatience);
    if (!claim) throw busy();
    if (spool_.holds(name)) pay_at_once(leaf);
  }

  static Error busy() {
    return Error(ErrorCode::storage_failed,
                 "an object is being uploaded for over a minute; ask again", true);
  }

  // No room on the disk, and what was paid for is lost unless the far store takes it now.
  PutOutcome put_far(std::string_view name, const SharedBytes& bytes, const BlobLabels& labels) {
    log(LogLevel::warning, kComponent, "no room for the spool: an object goes to the store alone");
    return far_->put_if_absent(name, bytes, labels);
  }

  // What the spool holds: what was acknowledged before goes up, not what was put now.
  PutOutcome pay_at_once(const std::string& leaf) {
    try {
      Debt debt;
      if (spool_.load(leaf, debt) != SpoolDirectory::Found::good) {
        throw Error(ErrorCode::storage_damaged, "what was written to the spool cannot be read");
      }
      const PutOutcome outcome = far_->put_if_absent(debt.name, debt.bytes, debt.labels);
      spool_.discharge(leaf);
      return outcome;
    } catch (const Error& error) {
      uploads_->wake();
      log(LogLevel::warning, kComponent,
          std::string("a put waits for the store in vain: ") + error.what());
      throw still_owed(error);
    }
  }

  std::optional<Error> damage() const {
    const std::int64_t files = spool_.damaged_files();
    if (files == 0) return std::nullopt;
    return Error(ErrorCode::storage_damaged,
                 std::to_string(files) +
                     " damaged files of the spool were set aside and not uploaded; look at them in "
                     "its directory 'damaged', and remove them");
  }

  const std::shared_ptr<BlobStore> far_;
  const SpoolOptions options_;
  SpoolDirectory spool_;
  SpoolTrouble trouble_;
  std::optional<Uploads> uploads_;  // last: ends first
};

}  // namespace

std::shared_ptr<SpooledStore> make_spooled_store(std::shared_ptr<BlobStore> far,
                                                 const SpoolOptions& options) {
  return std::make_shared<Spooled>(std::move(far), options);
}

}  // namespace bhashatts::blob
