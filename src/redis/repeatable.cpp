#include "redis/repeatable.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace bhashatts::redis {
namespace {

// In capitals, as we write them. SET and DEL count the second time differently (NX, how many went);
// so SET is one only in its plain form, and who counts what DEL removed may count too few.
constexpr std::array<std::string_view, 16> kRepeatable{
    "DBSIZE", "DEL",    "EXISTS", "GET",  "GETRANGE", "INFO",   "MGET", "PEXPIRE",
    "PING",   "PSETEX", "PTTL",   "SCAN", "SET",      "STRLEN", "TTL",  "UNLINK"};

bool conditional(const Command& command) {
  return std::any_of(command.begin() + 1, command.end(), [](std::string_view word) {
    return word == "NX" || word == "XX" || word == "GET" || word == "GT" || word == "LT";
  });
}

bool is_repeatable(const Command& command) {
  if (command.empty()) return false;
  const std::string_view name = command.front();
  const bool known = std::find(kRepeatable.begin(), kRepeatable.end(), name) != kRepeatable.end();
  return known && !((name == "SET" || name == "PEXPIRE") && conditional(command));
}

}  // namespace

bool repeatable(std::span<const Command> commands) {
  return std::all_of(commands.begin(), commands.end(), is_repeatable);
}

}  // namespace bhashatts::redis
