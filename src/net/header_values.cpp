// Parsers of our own, for curl_getdate takes almost anything for a date, and strtod and strptime
// read by the host's locale.
#include "net/header_values.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <cmath>

#include "base/clock.h"
#include "net/ascii.h"

namespace bhashatts::net {
namespace {

using std::chrono::milliseconds;

constexpr double kDay = 86'400;

// "12", "1.5"; no sign, no exponent, nothing else.
std::optional<double> parse_decimal(std::string_view text) {
  text = trimmed(text);
  if (text.empty() || !is_digit(text.front())) return std::nullopt;
  double number = 0;
  const auto [end, error] =
      std::from_chars(text.data(), text.data() + text.size(), number, std::chars_format::fixed);
  const bool whole = error == std::errc() && end == text.data() + text.size();
  return whole && std::isfinite(number) ? std::optional(number) : std::nullopt;
}

milliseconds clamped(double seconds) {
  const double longest = std::chrono::duration<double>(kLongestWait).count();
  return milliseconds(std::llround(std::clamp(seconds, 0.0, longest) * 1'000));
}

// Reads a date from its front to its end; after a part that is missing the rest is not looked at.
class DateReader {
 public:
  explicit DateReader(std::string_view text) : text_(text) {}

  bool at_end() const { return !failed_ && text_.empty(); }
  void fail() { failed_ = true; }
  void literal(std::string_view expected) {
    failed_ = failed_ || !text_.starts_with(expected);
    if (!failed_) text_.remove_prefix(expected.size());
  }
  bool skip(char c) {
    const bool there = !failed_ && text_.starts_with(c);
    if (there) text_.remove_prefix(1);
    return there;
  }
  // Exactly so many digits.
  int number(std::size_t digits) {
    const auto part = text_.substr(0, digits);
    failed_ = failed_ || part.size() < digits || !std::all_of(part.begin(), part.end(), is_digit);
    if (failed_) return 0;
    int value = 0;
    for (const char c : part) value = value * 10 + (c - '0');
    text_.remove_prefix(digits);
    return value;
  }
  template <std::size_t Count>
  unsigned one_of(const std::array<std::string_view, Count>& names) {
    for (unsigned i = 0; i < Count && !failed_; ++i) {
      if (!text_.starts_with(names[i])) continue;
      text_.remove_prefix(names[i].size());
      return i;
    }
    failed_ = true;
    return 0;
  }

 private:
  std::string_view text_;
  bool failed_ = false;
};

constexpr std::array<std::string_view, 12> kMonths{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                   "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
constexpr std::array<std::string_view, 7> kShortDays{"Mon", "Tue", "Wed", "Thu",
                                                     "Fri", "Sat", "Sun"};
constexpr std::array<std::string_view, 7> kLongDays{"Monday", "Tuesday",  "Wednesday", "Thursday",
                                                    "Friday", "Saturday", "Sunday"};

struct Moment {
  int year = 0;
  unsigned month = 0;  // from 0
  int day = 0;
  int seconds = 0;  // of the day
};

int read_time(DateReader& date) {
  const int hours = date.number(2);
  date.literal(":");
  const int minutes = date.number(2);
  date.literal(":");
  const int seconds = date.number(2);
  const bool real = hours < 24 && minutes < 60 && seconds <= 60;  // 60: a leap second
  if (!real) date.fail();
  return hours * 3'600 + minutes * 60 + seconds;
}

// Sun, 06 Nov 1994 08:49:37 GMT
Moment read_fixed(DateReader& date) {
  Moment moment;
  date.one_of(kShortDays);
  date.literal(", ");
  moment.day = date.number(2);
  date.literal(" ");
  moment.month = date.one_of(kMonths);
  date.literal(" ");
  moment.year = date.number(4);
  date.literal(" ");
  moment.seconds = read_time(date);
  date.literal(" GMT");
  return moment;
}

// Sunday, 06-Nov-94 08:49:37 GMT. The year is the one that lies at most 50 years ahead.
Moment read_rfc850(DateReader& date, std::int64_t now) {
  Moment moment;
  date.one_of(kLongDays);
  date.literal(", ");
  moment.day = date.number(2);
  date.literal("-");
  moment.month = date.one_of(kMonths);
  date.literal("-");
  const std::chrono::sys_days today(
      std::chrono::floor<std::chrono::days>(std::chrono::sys_seconds(std::chrono::seconds(now))));
  const int this_year = static_cast<int>(std::chrono::year_month_day(today).year());
  moment.year = this_year - this_year % 100 + date.number(2);
  if (moment.year > this_year + 50) moment.year -= 100;
  date.literal(" ");
  moment.seconds = read_time(date);
  date.literal(" GMT");
  return moment;
}

// Sun Nov  6 08:49:37 1994
Moment read_asctime(DateReader& date) {
  Moment moment;
  date.one_of(kShortDays);
  date.literal(" ");
  moment.month = date.one_of(kMonths);
  date.literal(" ");
  moment.day = date.skip(' ') ? date.number(1) : date.number(2);
  date.literal(" ");
  moment.seconds = read_time(date);
  date.literal(" ");
  moment.year = date.number(4);
  return moment;
}

std::optional<std::int64_t> to_unix(const DateReader& date, const Moment& moment) {
  if (!date.at_end()) return std::nullopt;
  const std::chrono::year_month_day day(std::chrono::year(moment.year),
                                        std::chrono::month(moment.month + 1),
                                        std::chrono::day(static_cast<unsigned>(moment.day)));
  if (!day.ok()) return std::nullopt;
  const auto days = std::chrono::sys_days(day).time_since_epoch();
  return std::chrono::duration_cast<std::chrono::seconds>(days).count() + moment.seconds;
}

// Up to `end` outside of quotes; takes it and what ends it away from the text.
std::string_view take_until(std::string_view& text, char end) {
  bool quoted = false;
  std::size_t at = 0;
  for (; at < text.size() && (quoted || text[at] != end); ++at) {
    if (quoted && text[at] == '\\') {
      ++at;
    } else if (text[at] == '"') {
      quoted = !quoted;
    }
  }
  at = std::min(at, text.size());
  const auto part = text.substr(0, at);
  text.remove_prefix(std::min(at + 1, text.size()));
  return part;
}

// One limit: "api";r=0;t=55. Nothing unless it is used up and says until when.
std::optional<double> wait_of_limit(std::string_view limit) {
  std::optional<double> remaining;
  std::optional<double> reset;
  take_until(limit, ';');  // its name
  while (!limit.empty()) {
    std::string_view parameter = trimmed(take_until(limit, ';'));
    if (parameter.starts_with("r=")) remaining = parse_decimal(parameter.substr(2));
    if (parameter.starts_with("t=")) reset = parse_decimal(parameter.substr(2));
  }
  return remaining == 0.0 ? reset : std::nullopt;
}

}  // namespace

std::optional<std::int64_t> parse_http_date(std::string_view value, std::int64_t now) {
  value = trimmed(value);
  DateReader fixed(value);
  const Moment first = read_fixed(fixed);
  if (const auto time = to_unix(fixed, first)) return time;
  DateReader rfc850(value);
  const Moment second = read_rfc850(rfc850, now);
  if (const auto time = to_unix(rfc850, second)) return time;
  DateReader asctime(value);
  const Moment third = read_asctime(asctime);
  return to_unix(asctime, third);
}

std::optional<milliseconds> parse_retry_after(std::string_view value,
                                              std::int64_t now_unix_seconds) {
  if (const auto seconds = parse_decimal(value)) return clamped(*seconds);
  const auto date = parse_http_date(value, now_unix_seconds);
  if (!date) return std::nullopt;
  return clamped(static_cast<double>(*date) - static_cast<double>(now_unix_seconds));
}

std::optional<milliseconds> parse_rate_limit(std::string_view value) {
  std::optional<double> longest;
  while (!value.empty()) {
    const auto wait = wait_of_limit(take_until(value, ','));
    if (wait) longest = std::max(*wait, longest.value_or(0));
  }
  return longest ? std::optional(clamped(*longest)) : std::nullopt;
}

std::optional<milliseconds> parse_seconds(std::string_view value) {
  const auto seconds = parse_decimal(value);
  if (!seconds || *seconds > kDay) return std::nullopt;
  return milliseconds(std::llround(*seconds * 1'000));
}

std::string media_type_of(std::string_view content_type) {
  const auto type = trimmed(content_type.substr(0, content_type.find(';')));
  const auto slash = type.find('/');
  if (slash == std::string_view::npos) return {};
  if (!is_token(type.substr(0, slash)) || !is_token(type.substr(slash + 1))) return {};
  return lowered(type);
}

// A date is held against the server's own clock where it tells it: ours may be wrong.
std::optional<milliseconds> wanted_wait(const HttpReply& reply) {
  const std::int64_t ours = unix_seconds();
  const std::int64_t now = parse_http_date(reply.header("date"), ours).value_or(ours);
  if (const auto wait = parse_retry_after(reply.header("retry-after"), now)) return wait;
  return parse_rate_limit(reply.header("ratelimit"));
}

}  // namespace bhashatts::net
