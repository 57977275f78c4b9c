// redacted() takes the secret out first, wherever it stands, and then reads what is left once, from
// left to right, until it has written enough. An upstream may send megabytes for us to quote, so
// only the beginning is looked at, and a secret that this cut in two goes with its end.
#include "net/secrets.h"

#include <algorithm>
#include <utility>

#include "bhashatts/error.h"
#include "net/ascii.h"

namespace bhashatts::net {
namespace {

constexpr std::size_t kMaxToken = 4'096;
constexpr std::size_t kMostRead = 65'536;
constexpr std::size_t kLeastTail = 4;  // "hf_hub" is the name of a library
constexpr std::string_view kMask = "***";

bool is_token_char(char c) { return is_alnum(c) || c == '_' || c == '-' || c == '.'; }
bool is_scheme_char(char c) { return is_alnum(c) || c == '+' || c == '-' || c == '.'; }
bool ends_url(char c) {
  return is_blank(c) || is_control(c) || c == '"' || c == '\'' || c == '<' || c == '>' || c == '`';
}

// One character of UTF-8, also of U+0080 to U+009F.
bool is_control_character(std::string_view character) {
  if (character.size() == 1) return is_control(character[0]);
  return character[0] == '\xC2' && static_cast<unsigned char>(character[1]) < 0xA0;
}

template <typename Predicate>
std::size_t run_of(std::string_view text, const Predicate& fits) {
  return static_cast<std::size_t>(std::find_if_not(text.begin(), text.end(), fits) - text.begin());
}

// Bytes of the character that `text` begins with; 0 where it is not valid UTF-8.
std::size_t character_size(std::string_view text) {
  const auto byte = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char first = byte(0);
  if (first < 0x80) return 1;
  if (first < 0xC2 || first > 0xF4) return 0;
  const std::size_t size = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (text.size() < size) return 0;
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte(i) & 0xC0U) != 0x80) return 0;
  }
  const bool overlong = (first == 0xE0 && byte(1) < 0xA0) || (first == 0xF0 && byte(1) < 0x90);
  const bool outside = (first == 0xED && byte(1) > 0x9F) || (first == 0xF4 && byte(1) > 0x8F);
  return overlong || outside ? 0 : size;
}

class Redaction {
 public:
  Redaction(std::string_view text, std::size_t most) : text_(text), most_(most) {}

  std::string run() {
    while (at_ < text_.size() && !full_) {
      if (!take_token() && !take_bearer() && !take_url()) take_character();
    }
    return std::move(out_);
  }

 private:
  std::string_view rest() const { return text_.substr(at_); }
  bool at_word() const { return at_ == 0 || !is_alnum(text_[at_ - 1]); }

  // Whole or not at all, so that nothing after it is written either.
  void write(std::string_view piece) {
    full_ = full_ || out_.size() + piece.size() > most_;
    if (!full_) out_ += piece;
  }

  bool take_token() {
    if (!at_word() || !(rest().starts_with("hf_") || rest().starts_with("sk-"))) return false;
    const std::size_t tail = run_of(rest().substr(3), is_token_char);
    if (tail < kLeastTail) return false;
    at_ += 3 + tail;
    write(kMask);
    return true;
  }

  bool take_bearer() {
    constexpr std::string_view kWord = "bearer";
    if (!at_word() || !same_without_case(rest().substr(0, kWord.size()), kWord)) return false;
    const auto after = rest().substr(kWord.size());
    const std::size_t blanks = run_of(after, is_blank);
    const std::size_t token = run_of(after.substr(blanks), [](char c) { return !ends_url(c); });
    if (blanks == 0 || token == 0) return false;
    write(text_.substr(at_, kWord.size()));
    write(" ");
    write(kMask);
    at_ += kWord.size() + blanks + token;
    return true;
  }

  bool take_url() {
    if (!at_word() || !is_letter(rest().front())) return false;
    const std::size_t scheme = run_of(rest(), is_scheme_char);
    if (!rest().substr(scheme).starts_with("://")) return false;
    const std::size_t authority_at = at_ + scheme + 3;
    const auto url = text_.substr(authority_at);
    const auto whole = url.substr(0, run_of(url, [](char c) { return !ends_url(c); }));
    const auto authority = whole.substr(0, whole.find_first_of("/?#\\"));
    write_printable(text_.substr(at_, scheme + 3));
    write_authority(authority);
    if (whole.size() > authority.size()) write("/***");
    at_ = authority_at + whole.size();
    return true;
  }

  void write_authority(std::string_view authority) {
    const auto user_end = authority.rfind('@');
    if (user_end != std::string_view::npos) {
      write("***@");
      authority.remove_prefix(user_end + 1);
    }
    write_printable(authority);
  }

  void write_printable(std::string_view part) {
    for (const char& c : part) write(c > ' ' && c <= '~' ? std::string_view(&c, 1) : "?");
  }

  void take_character() {
    const std::size_t size = character_size(rest());
    if (size == 0) {
      write("?");
    } else if (is_control_character(rest().substr(0, size))) {
      write(" ");
    } else {
      write(rest().substr(0, size));
    }
    at_ += std::max<std::size_t>(size, 1);
  }

  const std::string_view text_;
  const std::size_t most_;
  std::size_t at_ = 0;
  bool full_ = false;
  std::string out_;
};

std::string without(std::string_view text, std::string_view secret) {
  const bool cut = text.size() > kMostRead;
  std::string kept(text.substr(0, kMostRead));
  if (secret.empty()) return kept;
  for (auto at = kept.find(secret); at != std::string::npos; at = kept.find(secret, at)) {
    kept.replace(at, secret.size(), kMask);
    at += kMask.size();
  }
  if (cut) kept.resize(kept.size() - std::min(kept.size(), secret.size()));
  return kept;
}

[[noreturn]] void refuse(std::string_view setting, const std::string& why) {
  throw Error(ErrorCode::config_invalid, std::string(setting) + " " + why);
}

}  // namespace

std::string checked_token(std::string_view raw, std::string_view setting) {
  constexpr std::string_view kBearer = "bearer ";
  raw = trimmed(raw);
  if (same_without_case(raw.substr(0, kBearer.size()), kBearer)) {
    refuse(setting, "must be the token alone, without \"Bearer\" before it");
  }
  if (raw.size() > kMaxToken) {
    refuse(setting, "is longer than 4,096 bytes; check that it is a token");
  }
  const auto fits = [](char c) { return c > ' ' && c <= '~'; };
  if (!std::all_of(raw.begin(), raw.end(), fits)) {
    refuse(setting, "holds a blank, a line break or another character that no token has");
  }
  return std::string(raw);
}

std::string redacted(std::string_view text, std::string_view secret, std::size_t most) {
  const std::string kept = without(text, secret);
  return Redaction(kept, most).run();
}

}  // namespace bhashatts::net
