// Lua counts in doubles, which are exact up to 2^53 micro-dollars (nine billion dollars); all
// numbers that go there are cut to that. A counter that is not a number is taken for a lost one.
//
// Where the answer to a reservation does not come, it may have been made: it then stays reserved
// until the month is over, for a budget may be kept too well and never too badly.
#include "redis/budget.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <exception>
#include <utility>

#include "base/log.h"
#include "redis/error_reply.h"

namespace bhashatts::redis {
namespace {

constexpr std::int64_t kMost = (std::int64_t{1} << 53) - 1;
constexpr std::string_view kSeconds = "6048000";  // 70 days: the month, and time to look back

constexpr std::string_view kReserve = R"(
local kept = redis.call('GET', KEYS[1])
local spent = 0
if kept and string.match(kept, '^%d+$') then spent = tonumber(kept) end
spent = math.max(spent, tonumber(ARGV[3]))
local granted = 0
if spent + tonumber(ARGV[1]) <= tonumber(ARGV[2]) then
  spent = spent + tonumber(ARGV[1])
  granted = 1
end
redis.call('SET', KEYS[1], string.format('%.0f', spent), 'EX', ARGV[4])
return granted)";

// A counter that was lost comes back with what the ledgers know, in which this is settled already.
constexpr std::string_view kSettle = R"(
if redis.call('EXISTS', KEYS[1]) == 0 then return 0 end
if redis.call('INCRBY', KEYS[1], ARGV[1]) < 0 then
  redis.call('SET', KEYS[1], '0', 'EX', ARGV[2])
end
return 1)";

std::string cut(std::int64_t amount) { return std::to_string(std::clamp(amount, -kMost, kMost)); }
std::string positive(std::int64_t amount) { return cut(std::max<std::int64_t>(amount, 0)); }

std::int64_t number_of(const Reply& reply) {
  if (reply.kind == Reply::Kind::nil) return 0;
  if (reply.kind != Reply::Kind::bulk) throw unexpected_reply();
  const std::string_view digits = reply.bulk.chars();
  const char* const end = digits.data() + digits.size();
  std::int64_t number = 0;
  const auto [stopped, failure] = std::from_chars(digits.data(), end, number);
  if (failure != std::errc{} || stopped != end) throw unexpected_reply();
  return number;
}

std::string key_of(const std::string& name_space, std::string_view month) {
  return name_space + "bhashatts:budget:" + std::string(month);
}

// Nothing where Redis cannot be asked.
template <typename Ask>
auto asked(const Ask& ask) noexcept -> std::optional<decltype(ask())> {
  try {
    return ask();
  } catch (const std::exception& error) {
    log(LogLevel::debug, "redis.budget", error.what());
    return std::nullopt;
  }
}

}  // namespace

SharedBudget::SharedBudget(std::shared_ptr<Redis> redis, std::string name_space)
    : redis_(std::move(redis)), name_space_(std::move(name_space)) {}

std::optional<bool> SharedBudget::reserve(std::string_view month, std::int64_t amount,
                                          std::int64_t limit, std::int64_t known) {
  return asked([&] {
    const std::array keys{key_of(name_space_, month)};
    const std::array arguments{positive(amount), positive(limit), positive(known),
                               std::string(kSeconds)};
    const Reply reply = redis_->eval(kReserve, keys, arguments);
    if (reply.kind != Reply::Kind::integer) throw unexpected_reply();
    return reply.integer == 1;
  });
}

void SharedBudget::settle(std::string_view month, std::int64_t difference) noexcept {
  static_cast<void>(asked([&] {
    const std::array keys{key_of(name_space_, month)};
    const std::array arguments{cut(difference), std::string(kSeconds)};
    return redis_->eval(kSettle, keys, arguments).integer;
  }));
}

std::optional<std::int64_t> SharedBudget::spent(std::string_view month) {
  return asked([&] {
    const std::string key = key_of(name_space_, month);
    return number_of(checked(redis_->call({"GET", key})));
  });
}

}  // namespace bhashatts::redis
