// A holder that cannot tell whether it got the lease (the answer to SET did not come) goes on as if
// it had none to guard, but lets go of it by its token all the same: else nobody could have it for
// a whole lifetime.
#include "redis/lease.h"

#include <openssl/rand.h>

#include <array>
#include <exception>
#include <random>
#include <utility>

#include "base/log.h"
#include "base/per_process.h"
#include "redis/error_reply.h"
#include "redis/lease_keeper.h"

namespace bhashatts::redis {
namespace {

constexpr std::string_view kRelease = R"(
if redis.call('GET', KEYS[1]) == ARGV[1] then
  return redis.call('DEL', KEYS[1])
end
return 0)";

std::string new_token() {
  std::array<unsigned char, 16> bytes{};
  if (RAND_bytes(bytes.data(), static_cast<int>(bytes.size())) != 1) {
    std::random_device device;
    for (unsigned char& byte : bytes) byte = static_cast<unsigned char>(device());
  }
  std::string token;
  for (const unsigned char byte : bytes) {
    token += static_cast<char>('a' + (byte >> 4U));
    token += static_cast<char>('a' + (byte & 15U));
  }
  return token;
}

enum class Answer { ours, another_s, none };

}  // namespace

class Leases::Impl {
 public:
  Impl(std::shared_ptr<Redis> redis, std::string name_space, std::chrono::milliseconds lifetime)
      : redis_(std::move(redis)),
        prefix_(std::move(name_space) + "bhashatts:lease:"),
        lifetime_(lifetime),
        keeper_([this] { return std::make_unique<LeaseKeeper>(*redis_, lifetime_); }) {}

  LeaseName name_of(std::string_view name) const {
    return {prefix_ + std::string(name), new_token()};
  }

  Answer ask(const LeaseName& lease) noexcept {
    try {
      const std::string lifetime = std::to_string(lifetime_.count());
      const Reply reply =
          checked(redis_->call({"SET", lease.key, lease.token, "NX", "PX", lifetime}));
      return reply.kind == Reply::Kind::nil ? Answer::another_s : Answer::ours;
    } catch (const std::exception& error) {
      log(LogLevel::debug, "redis.lease", error.what());
      return Answer::none;
    }
  }

  void release(const LeaseName& lease) noexcept {
    try {
      const std::array keys{lease.key};
      const std::array arguments{lease.token};
      redis_->eval(kRelease, keys, arguments);
    } catch (const std::exception& error) {
      log(LogLevel::debug, "redis.lease", error.what());  // it is over after its lifetime
    }
  }

  LeaseKeeper& keeper() { return keeper_.get(); }

 private:
  std::shared_ptr<Redis> redis_;
  const std::string prefix_;
  const std::chrono::milliseconds lifetime_;
  PerProcess<LeaseKeeper> keeper_;
};

// A forked child holds a copy of what its parent holds, and lets go of nothing.
class Leases::Lease::Held {
 public:
  Held(std::shared_ptr<Impl> impl, LeaseName lease)
      : impl_(std::move(impl)), lease_(std::move(lease)) {}
  ~Held() {
    if (epoch_ != process_epoch()) return;
    if (renewed_ != 0) impl_->keeper().drop(renewed_);
    impl_->release(lease_);
  }
  Held(const Held&) = delete;
  Held& operator=(const Held&) = delete;

  void renew() { renewed_ = impl_->keeper().keep(lease_); }

 private:
  std::shared_ptr<Impl> impl_;
  const LeaseName lease_;
  const std::uint64_t epoch_ = process_epoch();
  std::uint64_t renewed_ = 0;  // 0: it guards nothing
};

Leases::Leases(std::shared_ptr<Redis> redis, std::string name_space,
               std::chrono::milliseconds lifetime)
    : impl_(std::make_shared<Impl>(std::move(redis), std::move(name_space), lifetime)) {}

Leases::~Leases() = default;

std::optional<Leases::Lease> Leases::try_take(std::string_view name) {
  LeaseName lease = impl_->name_of(name);
  const Answer answer = impl_->ask(lease);
  if (answer == Answer::another_s) return std::nullopt;
  auto held = std::make_shared<Lease::Held>(impl_, std::move(lease));
  if (answer == Answer::ours) held->renew();
  return Lease(std::move(held));
}

Leases::Lease::Lease(std::shared_ptr<Held> held) : held_(std::move(held)) {}
Leases::Lease::Lease(Lease&&) noexcept = default;
Leases::Lease& Leases::Lease::operator=(Lease&&) noexcept = default;
Leases::Lease::~Lease() = default;

}  // namespace bhashatts::redis
