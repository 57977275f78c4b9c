// The state is read and changed without a lock, so every change that several may want is one
// compare-and-swap of `until`; the others (failures, code) are hints that it carries along.
//
// `until` also says in its lowest bit whether it is a lease (odd: a probe is out) or a pause
// (even). A report that comes during a pause is of a call that began before the breaker opened, and
// must neither lengthen the pause (sixteen calls that fail together are one event) nor, for an
// account that has no credits, end it (a call that was accepted before the credits ended proves
// nothing). A report during a lease is taken for the probe's, which at worst costs one probe more.
#include "net/breaker.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>

#include <algorithm>
#include <atomic>
#include <cerrno>
#include <string>
#include <utility>

#include "base/clock.h"
#include "base/fd.h"
#include "base/files.h"
#include "base/log.h"

namespace bhashatts::net {

struct Breaker::State {
  std::atomic<std::int64_t> failures{0};  // in a row
  std::atomic<std::int64_t> code{0};      // what opened it
  std::atomic<std::int64_t> until{0};     // Unix ms; 0: closed
};

static_assert(std::atomic<std::int64_t>::is_always_lock_free, "it is shared between processes");

namespace {

using std::chrono::milliseconds;

constexpr std::int64_t kMostInARow = 1'000'000;

// What an error says about the upstream.
enum class Word { nothing, answers, failure, account };

Word word_of(ErrorCode code) {
  switch (code) {
    case ErrorCode::unauthorized:
    case ErrorCode::credits_exhausted:
    case ErrorCode::model_not_served:
    case ErrorCode::endpoint_paused: return Word::account;
    case ErrorCode::unreachable:
    case ErrorCode::upstream_timeout:
    case ErrorCode::upstream_failed:
    case ErrorCode::model_loading:
    case ErrorCode::rate_limited: return Word::failure;
    case ErrorCode::upstream_rejected:
    case ErrorCode::bad_audio: return Word::answers;
    default: return Word::nothing;  // cancelled, a budget of ours, a full disk of ours, ...
  }
}

// Audio in a shape that was not configured comes again with the next call, and costs as much: that
// is a fault of the way to the upstream. (What the gate refuses is not told to the breaker.)
Word word_of(const Error& error) {
  const bool misread = error.code() == ErrorCode::bad_audio && !error.retryable();
  return misread ? Word::failure : word_of(error.code());
}

bool is_lease(std::int64_t until) { return (until & 1) != 0; }
std::int64_t as_lease(std::int64_t time) { return time | 1; }
std::int64_t as_pause(std::int64_t time) { return (time + 1) & ~std::int64_t{1}; }

// The file may hold anything: someone else's bytes too.
ErrorCode sane_code(std::int64_t number) {
  const auto code = static_cast<ErrorCode>(number);
  const Word word = word_of(code);
  const bool opens = word == Word::account || word == Word::failure || code == ErrorCode::bad_audio;
  return opens ? code : ErrorCode::upstream_failed;
}

milliseconds doubled(milliseconds first, milliseconds longest, std::int64_t times) {
  milliseconds pause = first;
  for (; times > 0 && pause < longest && pause.count() > 0; --times) pause *= 2;
  return std::min(pause, longest);
}

UniqueFd open_state(const std::filesystem::path& file, off_t size) {
  ensure_directory(file.parent_path());
  UniqueFd fd(::open(file.c_str(), O_RDWR | O_CREAT | O_CLOEXEC, 0644));
  if (!fd.valid()) throw file_error("open", file, errno);
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) throw file_error("stat", file, errno);
  // posix_fallocate, not ftruncate: on a full disk a hole would be a SIGBUS at the first report.
  const int rc = status.st_size < size ? ::posix_fallocate(fd.get(), 0, size) : 0;
  if (rc != 0) throw file_error("extend", file, rc);
  return fd;
}

}  // namespace

class Breaker::Mapping {
 public:
  explicit Mapping(const std::filesystem::path& file) {
    if (file.empty()) return;  // for this process alone, as asked
    try {
      const UniqueFd fd = open_state(file, sizeof(State));
      void* page = ::mmap(nullptr, sizeof(State), PROT_READ | PROT_WRITE, MAP_SHARED, fd.get(), 0);
      if (page == MAP_FAILED) throw file_error("map", file, errno);
      state_ = static_cast<State*>(page);
    } catch (const Error& error) {
      log(LogLevel::warning, "net.breaker", std::string("for this process alone: ") + error.what());
    }
  }
  ~Mapping() {
    if (state_ != &own_) ::munmap(state_, sizeof(State));
  }
  Mapping(const Mapping&) = delete;
  Mapping& operator=(const Mapping&) = delete;

  State& state() const { return *state_; }

 private:
  State own_;
  State* state_ = &own_;
};

Breaker::Breaker(const std::filesystem::path& file, BreakerPolicy policy, UnixMs now)
    : mapping_(std::make_unique<Mapping>(file)),
      policy_(policy),
      now_(now ? std::move(now) : UnixMs(unix_ms)) {}

Breaker::~Breaker() = default;

milliseconds Breaker::longest() const noexcept {
  return std::max({policy_.longest_pause, policy_.account_pause, policy_.probe_lease});
}

// How long `until` still refuses; zero: it is closed, over, or so far ahead that the clock must
// have been set back since.
milliseconds Breaker::left(std::int64_t until, std::int64_t now) const noexcept {
  if (until <= now || until - now > longest().count() + 1) return milliseconds(0);
  return milliseconds(until - now);
}

Breaker::Refusal Breaker::refusal(milliseconds left) const noexcept {
  return {sane_code(mapping_->state().code.load(std::memory_order_relaxed)), left};
}

std::optional<Breaker::Refusal> Breaker::ask() {
  State& state = mapping_->state();
  std::int64_t until = state.until.load(std::memory_order_acquire);
  for (;;) {
    if (until == 0) return std::nullopt;
    const std::int64_t now = now_();
    if (const auto wait = left(until, now); wait.count() > 0) return refusal(wait);
    const std::int64_t lease = as_lease(now + policy_.probe_lease.count());
    if (state.until.compare_exchange_strong(until, lease, std::memory_order_acq_rel)) {
      return std::nullopt;  // this is the probe
    }
  }
}

std::optional<Breaker::Refusal> Breaker::look() const noexcept {
  const auto wait = left(mapping_->state().until.load(std::memory_order_acquire), now_());
  return wait.count() > 0 ? std::optional(refusal(wait)) : std::nullopt;
}

std::optional<Breaker::Refusal> Breaker::trouble() const noexcept {
  const std::int64_t until = mapping_->state().until.load(std::memory_order_acquire);
  return until != 0 ? std::optional(refusal(left(until, now_()))) : std::nullopt;
}

void Breaker::succeeded() noexcept {
  State& state = mapping_->state();
  std::int64_t until = state.until.load(std::memory_order_acquire);
  const bool pausing = !is_lease(until) && left(until, now_()).count() > 0;
  const auto code = sane_code(state.code.load(std::memory_order_relaxed));
  if (pausing && word_of(code) == Word::account) return;
  // A plain store each, and only where something changes: this is every good call's way.
  if (state.failures.load(std::memory_order_relaxed) != 0) {
    state.failures.store(0, std::memory_order_relaxed);
  }
  if (until != 0) state.until.compare_exchange_strong(until, 0, std::memory_order_acq_rel);
}

void Breaker::failed(const Error& error) noexcept {
  switch (word_of(error)) {
    case Word::nothing: return give_back();
    case Word::answers: return succeeded();
    case Word::account: return open(error.code(), policy_.account_pause, error.retry_after());
    case Word::failure: return count(error);
  }
}

void Breaker::forgive() noexcept {
  State& state = mapping_->state();
  std::int64_t until = state.until.load(std::memory_order_acquire);
  if (until == 0) return;
  state.failures.store(policy_.failures_to_open - 1, std::memory_order_relaxed);
  state.until.compare_exchange_strong(until, 0, std::memory_order_acq_rel);
}

void Breaker::count(const Error& error) noexcept {
  State& state = mapping_->state();
  const std::int64_t until = state.until.load(std::memory_order_acquire);
  if (until != 0 && !is_lease(until)) return;  // of a call from before it opened
  const std::int64_t before = state.failures.fetch_add(1, std::memory_order_relaxed);
  const std::int64_t row = std::clamp<std::int64_t>(before, 0, kMostInARow) + 1;
  // A probe's failure keeps it open whatever the count: an account's trouble counts none.
  if (row < policy_.failures_to_open && until == 0) return;
  open(error.code(),
       doubled(policy_.first_pause, policy_.longest_pause, row - policy_.failures_to_open),
       error.retry_after());
}

// Whoever comes second finds a pause and leaves it, unless his own is an account's and longer.
void Breaker::open(ErrorCode code, milliseconds pause, milliseconds wanted) noexcept {
  State& state = mapping_->state();
  const std::int64_t now = now_();
  const std::int64_t wish = as_pause(now + std::max(pause, std::min(wanted, longest())).count());
  std::int64_t until = state.until.load(std::memory_order_acquire);
  for (;;) {
    const bool pausing = !is_lease(until) && left(until, now).count() > 0;
    if (pausing && (word_of(code) != Word::account || until >= wish)) return;
    if (state.until.compare_exchange_strong(until, wish, std::memory_order_acq_rel)) break;
  }
  state.code.store(static_cast<std::int64_t>(code), std::memory_order_relaxed);
}

// A call that was not made, or was broken off, held the lease perhaps: the next one may probe.
void Breaker::give_back() noexcept {
  std::atomic<std::int64_t>& until = mapping_->state().until;
  std::int64_t lease = until.load(std::memory_order_acquire);
  if (!is_lease(lease)) return;
  until.compare_exchange_strong(lease, as_pause(now_()) - 2, std::memory_order_acq_rel);
}

}  // namespace bhashatts::net
