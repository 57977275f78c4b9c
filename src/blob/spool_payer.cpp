#include "blob/spool_payer.h"

#include <algorithm>
#include <set>
#include <utility>

#include "base/clock.h"
#include "base/log.h"

namespace bhashatts::blob {
namespace {

using std::chrono::ceil;
using std::chrono::milliseconds;
using std::chrono::steady_clock;

constexpr std::string_view kComponent = "blob.spool";
// How often a process looks for debts that others made, and whether the one that pays is gone.
constexpr milliseconds kLook{1'000};
// When somebody else (a removal, a put that waits for the far store) is at a debt.
constexpr milliseconds kBusy{50};
// A scan takes no more than this part of the time, however much is owed.
constexpr int kScanShare = 20;

std::string said(const Error& error) {
  return std::string(name(error.code())) + ": " + error.what() +
         (error.detail().empty() ? "" : " [" + error.detail() + "]");
}

}  // namespace

bool is_own_fault(const Error& error) noexcept {
  const int family = static_cast<int>(error.code()) / 100;
  return (family == 2 && error.code() != ErrorCode::config_invalid) ||
         error.code() == ErrorCode::storage_damaged || error.code() == ErrorCode::storage_newer;
}

milliseconds SpoolPayer::step(bool hurry) noexcept {
  try {
    return try_step(hurry);
  } catch (const Error& error) {
    fail(error);
  } catch (const std::exception& error) {
    fail(Error(ErrorCode::internal, error.what()));
  }
  return std::max(milliseconds{1}, until(store_.due));
}

milliseconds SpoolPayer::try_step(bool hurry) {
  if (!lead()) return kLook;
  const auto now = clock_.now();
  if (hurry) {
    store_.due = now;
    queue_.clear();  // so that what was postponed is scanned for
    for (auto& [leaf, pause] : postponed_) pause.due = now;
  }
  if (now < store_.due) return until(store_.due);
  if (queue_.empty() && !fill()) return rest();
  pay_next();
  tell();
  return until(store_.due);
}

// Zero when it is past.
milliseconds SpoolPayer::until(steady_clock::time_point due) const {
  return std::max(milliseconds{0}, ceil<milliseconds>(due - clock_.now()));
}

bool SpoolPayer::lead() {
  if (lead_) return true;
  lead_ = options_.locks->try_lock(options_.lock_offset);
  if (lead_) spool_.sweep();  // who paid before may have been killed
  return lead_.has_value();
}

// Whether there is something to pay now.
bool SpoolPayer::fill() {
  const auto now = clock_.now();
  const Stopwatch watch;
  const auto entries = spool_.scan();
  look_ = std::max(kLook, milliseconds{watch.ms() * kScanShare});
  std::map<std::string, Pause> still;
  for (const auto& entry : entries) {
    const auto known = postponed_.find(entry.leaf);
    if (known == postponed_.end() || known->second.due <= now) queue_.push_back(entry.leaf);
    if (known != postponed_.end()) still.insert(postponed_.extract(known));
  }
  postponed_ = std::move(still);
  if (!entries.empty()) return !queue_.empty();
  store_ = {};
  tell();
  lead_.reset();
  return false;
}

milliseconds SpoolPayer::rest() const {
  milliseconds rest = look_;
  for (const auto& [leaf, pause] : postponed_) {
    rest = std::min(rest, until(pause.due));
  }
  return std::max(milliseconds{1}, rest);
}

// What fails on this side of the upload is a matter of that one debt.
void SpoolPayer::pay_next() {
  const std::string leaf = std::move(queue_.front());
  queue_.pop_front();
  try {
    pay(leaf);
  } catch (const Error& error) {
    postpone(leaf, error);
  }
}

void SpoolPayer::pay(const std::string& leaf) {
  const auto claim = spool_.claims().try_claim(leaf);
  if (!claim) {
    postponed_[leaf].due = clock_.now() + kBusy;
    return;
  }
  Debt debt;
  const auto found = spool_.load(leaf, debt);
  if (found == SpoolDirectory::Found::damaged) spool_.set_aside(leaf);
  if (found == SpoolDirectory::Found::newer) {
    throw Error(ErrorCode::storage_newer,
                "the spool holds what a newer version owes; upgrade bhashatts here too");
  }
  if (found == SpoolDirectory::Found::good) {
    if (const auto refused = upload(debt)) {
      return is_own_fault(*refused) || may_be_its_own(*refused) ? postpone(leaf, *refused)
                                                                : fail(*refused);
    }
    store_ = {};
    refused_ = 0;
    spool_.discharge(leaf);
  }
  postponed_.erase(leaf);
}

// A right that is missing for some names, say. Where the next one is refused too, it is the store.
bool SpoolPayer::may_be_its_own(const Error& error) {
  const bool for_good = error.code() == ErrorCode::storage_failed && !error.retryable();
  return for_good && ++refused_ == 1;
}

// Raises nothing; returns what the far store raised.
std::optional<Error> SpoolPayer::upload(const Debt& debt) {
  try {
    if (far_.put_if_absent(debt.name, debt.bytes, debt.labels) == PutOutcome::already_there) {
      // Another host, or ourselves before a kill between an upload and its discharge.
      log(LogLevel::info, kComponent,
          debt.name + " was in the store before: what is there stays, ours is dropped");
    }
    return std::nullopt;
  } catch (const Error& error) {
    return Error(error);
  } catch (const std::exception& error) {
    return Error(ErrorCode::plugin_failed, std::string("the store raised: ") + error.what());
  } catch (...) {
    return Error(ErrorCode::plugin_failed, "the store raised something that is no exception");
  }
}

void SpoolPayer::postpone(const std::string& leaf, const Error& error) {
  Pause& pause = postponed_[leaf];
  lengthen(pause, error);
  log(LogLevel::warning, kComponent,
      leaf + " is not uploaded, and put off by " + std::to_string(pause.length.count()) +
          " ms: " + said(error));
}

void SpoolPayer::fail(const Error& error) {
  refused_ = 0;
  queue_.clear();  // others may have been removed, and older ones come, when the pause is over
  lengthen(store_, error);
  log(LogLevel::warning, kComponent,
      "uploads pause for " + std::to_string(store_.length.count()) + " ms: " + said(error));
  tell();
}

// Between half of it and all, so that many hosts do not come back to a store at once.
void SpoolPayer::lengthen(Pause& pause, const Error& error) {
  pause.length = std::clamp(pause.length * 2, options_.first_pause, options_.longest_pause);
  const double share = std::uniform_real_distribution<double>(0.5, 1.0)(random_);
  const milliseconds wait{
      static_cast<std::int64_t>(static_cast<double>(pause.length.count()) * share)};
  pause.due = clock_.now() + std::max({milliseconds{1}, wait,
                                       std::min(error.retry_after(), options_.longest_pause)});
  pause.trouble = error;
}

void SpoolPayer::tell() noexcept {
  std::optional<Error> trouble = store_.trouble;
  for (const auto& [leaf, pause] : postponed_) {
    if (!trouble) trouble = pause.trouble;
  }
  trouble_.note(trouble);
}

}  // namespace bhashatts::blob
