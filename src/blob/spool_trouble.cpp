#include "blob/spool_trouble.h"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <cstdio>
#include <span>
#include <utility>

#include "base/files.h"
#include "base/log.h"

namespace bhashatts::blob {
namespace {

constexpr std::uint64_t kMostBytes = 8192;
constexpr std::size_t kMostText = 2000;
constexpr std::string_view kComponent = "blob.spool";

std::string one_line(std::string_view text) {
  std::string line(text.substr(0, kMostText));
  const auto is_control = [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; };
  std::replace_if(line.begin(), line.end(), is_control, ' ');
  return line;
}

std::string_view next_line(std::string_view& rest) {
  const std::string_view line = rest.substr(0, rest.find('\n'));
  rest.remove_prefix(std::min(rest.size(), line.size() + 1));
  return line;
}

// A number that this version does not know is an error of storage all the same.
std::optional<ErrorCode> code_of(std::string_view digits) {
  int number = 0;
  const auto parsed = std::from_chars(digits.data(), digits.data() + digits.size(), number);
  if (parsed.ec != std::errc() || parsed.ptr != digits.data() + digits.size()) return std::nullopt;
  const auto code = static_cast<ErrorCode>(number);
  const bool known = code == ErrorCode::internal || name(code) != name(ErrorCode::internal);
  return known && code != ErrorCode::ok ? code : ErrorCode::storage_failed;
}

bool same(const std::optional<Error>& a, const std::optional<Error>& b) {
  if (!a || !b) return !a && !b;
  return a->code() == b->code() && std::string_view(a->what()) == b->what() &&
         a->detail() == b->detail();
}

}  // namespace

std::string encode_trouble(const Error& trouble) {
  return std::to_string(static_cast<int>(trouble.code())) + "\n" +
         (trouble.retryable() ? "again\n" : "never\n") + one_line(trouble.what()) + "\n" +
         one_line(trouble.detail()) + "\n";
}

std::optional<Error> decode_trouble(std::string_view note) {
  const auto code = code_of(next_line(note));
  const std::string_view again = next_line(note);
  const std::string message = one_line(next_line(note));
  if (!code || message.empty() || (again != "again" && again != "never")) return std::nullopt;
  return Error(*code, message, again == "again").detailed(one_line(next_line(note)));
}

void SpoolTrouble::note(const std::optional<Error>& trouble) noexcept {
  try {
    if (same(trouble, last())) return;
    {
      MutexLock lock(mutex_);
      noted_ = trouble;
    }
    if (trouble) {
      write(*trouble);
    } else {
      ::unlink(file_.c_str());
    }
  } catch (const std::exception& error) {
    log(LogLevel::warning, kComponent, error.what());
  }
}

void SpoolTrouble::write(const Error& trouble) const {
  std::filesystem::path fresh = file_;
  fresh += ".new";
  ::unlink(fresh.c_str());  // of a process that was killed
  const std::string note = encode_trouble(trouble);
  write_new_file(fresh, std::as_bytes(std::span(note)), Sync::none);
  if (::rename(fresh.c_str(), file_.c_str()) != 0) throw file_error("place", file_, errno);
}

std::optional<Error> SpoolTrouble::last() const {
  {
    MutexLock lock(mutex_);
    if (noted_) return noted_;
  }
  try {
    const auto note = read_file(file_, kMostBytes);
    return note ? decode_trouble(*note) : std::nullopt;
  } catch (const Error&) {
    return std::nullopt;
  }
}

}  // namespace bhashatts::blob
