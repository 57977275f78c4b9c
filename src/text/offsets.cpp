// Aligned afterwards, so that normalisation, which stands before every hit, need not count places.
//
// Both texts are taken apart into their canonical decompositions, where they differ only by what
// spoken_text() drops, by breaks, by the folds (folds.h), and by the order of marks behind a
// letter. So letters are compared one by one; the marks behind a letter, with joiners among them,
// are compared as two rows in canonical order, in which those of one class have kept theirs.
#include "text/offsets.h"

#include <utf8proc.h>

#include <algorithm>
#include <array>
#include <limits>
#include <span>

#include "bhashatts/error.h"
#include "text/characters.h"
#include "text/utf8.h"

namespace bhashatts::text {
namespace {

enum class Role : std::uint8_t { letter, mark, joiner, dropped, blank, newline };

struct Unit {
  char32_t c = 0;
  std::uint32_t place = 0;  // index of its code point
  std::uint8_t order = 0;   // canonical combining class
  Role role = Role::letter;
};

using Units = std::vector<Unit>;

Role role_of(char32_t c) {
  switch (Characters::get().kind(c)) {
    case Kind::joiner: return Role::joiner;
    case Kind::dropped: return Role::dropped;
    case Kind::blank: return Role::blank;
    case Kind::newline:
    case Kind::newline_taking_lf: return Role::newline;
    default: return Role::letter;
  }
}

void append(Units& units, char32_t c, std::uint32_t place) {
  const Role role = role_of(c);
  if (role != Role::letter) {
    units.push_back({c, place, 0, role});
    return;
  }
  std::array<utf8proc_int32_t, 8> parts{};
  int boundary = 0;
  const auto options = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_DECOMPOSE);
  const auto size = utf8proc_decompose_char(static_cast<utf8proc_int32_t>(c), parts.data(),
                                            parts.size(), options, &boundary);
  if (size < 0 || static_cast<std::size_t>(size) > parts.size()) {
    throw Error(ErrorCode::internal, "utf8proc failed to decompose a text; please report it");
  }
  for (const utf8proc_int32_t part : std::span(parts).first(static_cast<std::size_t>(size))) {
    const int order = utf8proc_get_property(part)->combining_class;
    units.push_back({static_cast<char32_t>(part), place, static_cast<std::uint8_t>(order),
                     order == 0 ? Role::letter : Role::mark});
  }
}

// And where each code point begins; the last is the end.
Units take_apart(std::string_view utf8, std::vector<SentOffset>& offsets) {
  Units units;
  units.reserve(utf8.size() / 2);
  SentOffset offset;
  char32_t before = 0;
  for (std::size_t at = 0; at < utf8.size();) {
    const char32_t c = decode(utf8, at);
    offsets.push_back(offset);
    append(units, c, offset.code_points);
    const bool belongs = c == '\n' && Characters::get().kind(before) == Kind::newline_taking_lf;
    if (belongs) units.back().role = Role::dropped;
    offset.code_points += 1;
    offset.utf16 += c > 0xFFFF ? 2 : 1;
    before = c;
  }
  offsets.push_back(offset);
  return units;
}

bool is_bar(char32_t c) { return c == kDanda || c == U'|'; }

// What fold_malayalam makes of these bases.
char32_t base_of_chillu(char32_t c) {
  constexpr std::array<char32_t, 6> kBases{0x0D23, 0x0D28, 0x0D30, 0x0D32, 0x0D33, 0x0D15};
  return c >= 0x0D7A && c <= 0x0D7F ? kBases[c - 0x0D7A] : 0;
}

bool became(char32_t sent, char32_t spoken) {
  if (sent == spoken) return true;
  if (spoken == kDanda || spoken == kDoubleDanda) return is_bar(sent);
  if (spoken == kMalayalamNa && sent == kMalayalamChilluN) return true;
  return sent == base_of_chillu(spoken);
}

class Alignment {
 public:
  Alignment(Units sent, Units spoken, std::uint32_t end)
      : sent_(std::move(sent)),
        spoken_(std::move(spoken)),
        places_(spoken_.empty() ? 1 : spoken_.back().place + 2, end) {}

  // For each code point of the spoken text and its end.
  std::vector<std::uint32_t> find();

 private:
  void take_break();
  void take_letter();
  void take_marks();
  void match_marks(std::span<Unit> sent, std::span<Unit> spoken);
  void match_joiners(std::span<const Unit> sent, std::span<const Unit> spoken);
  std::size_t end_of_marks(const Units& units, std::size_t from) const;
  void assign(const Unit& spoken, const Unit& sent) {
    places_[spoken.place] = std::min(places_[spoken.place], sent.place);
  }
  bool sent_is(std::size_t at, char32_t spoken) const {
    return at < sent_.size() && sent_[at].role == Role::letter && became(sent_[at].c, spoken);
  }

  Units sent_;
  Units spoken_;
  std::vector<std::uint32_t> places_;
  std::size_t at_ = 0;  // in what was sent
  std::size_t to_ = 0;  // in what is spoken
};

std::vector<std::uint32_t> Alignment::find() {
  while (at_ < sent_.size() && sent_[at_].role >= Role::joiner) ++at_;
  while (to_ < spoken_.size()) {
    switch (spoken_[to_].role) {
      case Role::blank:
      case Role::newline: take_break(); break;
      case Role::letter: take_letter(); break;
      default: take_marks(); break;
    }
  }
  // Marks that changed places share the first; none may stand before its letter.
  for (std::size_t i = places_.size() - 1; i > 0; --i) {
    places_[i - 1] = std::min(places_[i - 1], places_[i]);
  }
  return std::move(places_);
}

// A blank, a newline or two: the first begins where the break does, a second at its own newline.
void Alignment::take_break() {
  const auto is_break = [](const Unit& unit) { return unit.role >= Role::blank; };
  const auto is_gap = [](const Unit& unit) { return unit.role >= Role::joiner; };
  while (at_ < sent_.size() && !is_break(sent_[at_])) ++at_;
  const std::size_t begin = at_;
  std::size_t newlines = 0;
  std::size_t second = begin;
  for (; at_ < sent_.size() && is_gap(sent_[at_]); ++at_) {
    if (sent_[at_].role == Role::newline && ++newlines == 2) second = at_;
  }
  if (begin == sent_.size()) {
    ++to_;
    return;
  }
  assign(spoken_[to_++], sent_[begin]);
  const bool paragraph = to_ < spoken_.size() && spoken_[to_].role == Role::newline;
  if (paragraph) assign(spoken_[to_++], sent_[second]);
}

void Alignment::take_letter() {
  const char32_t c = spoken_[to_].c;
  while (at_ < sent_.size() && sent_[at_].role != Role::letter) ++at_;
  if (!sent_is(at_, c) && sent_is(at_ + 1, c)) ++at_;
  if (at_ == sent_.size()) {
    ++to_;
    return;
  }
  assign(spoken_[to_++], sent_[at_]);
  const bool pair = c == kDoubleDanda && is_bar(sent_[at_].c);
  ++at_;
  if (!pair) return;
  while (at_ < sent_.size() && sent_[at_].role == Role::dropped) ++at_;
  at_ += at_ < sent_.size() && is_bar(sent_[at_].c) ? 1 : 0;
}

std::size_t Alignment::end_of_marks(const Units& units, std::size_t from) const {
  const auto goes_on = [](const Unit& unit) {
    return unit.role == Role::mark || unit.role == Role::joiner || unit.role == Role::dropped;
  };
  while (from < units.size() && goes_on(units[from])) ++from;
  return from;
}

void Alignment::take_marks() {
  const std::size_t sent_end = end_of_marks(sent_, at_);
  const std::size_t spoken_end = end_of_marks(spoken_, to_);
  const std::span<Unit> sent(sent_.begin() + static_cast<std::ptrdiff_t>(at_), sent_end - at_);
  const std::span<Unit> spoken(spoken_.begin() + static_cast<std::ptrdiff_t>(to_),
                               spoken_end - to_);
  match_joiners(sent, spoken);
  match_marks(sent, spoken);
  at_ = sent_end;
  to_ = spoken_end;
}

// Of joiners side by side the first was kept, or none.
void Alignment::match_joiners(std::span<const Unit> sent, std::span<const Unit> spoken) {
  auto from = sent.begin();
  for (const Unit& unit : spoken) {
    if (unit.role != Role::joiner) continue;
    from = std::find_if(from, sent.end(), [&](const Unit& other) {
      return other.role == Role::joiner && other.c == unit.c;
    });
    if (from == sent.end()) return;
    assign(unit, *from);
    from = std::find_if(from, sent.end(), [](const Unit& o) { return o.role == Role::mark; });
  }
}

void Alignment::match_marks(std::span<Unit> sent, std::span<Unit> spoken) {
  const auto by_order = [](const Unit& a, const Unit& b) { return a.order < b.order; };
  for (const std::span<Unit> row : {sent, spoken}) {
    if (!std::ranges::is_sorted(row, by_order)) std::ranges::stable_sort(row, by_order);
  }
  auto from = sent.begin();
  for (const Unit& unit : spoken) {
    if (unit.role != Role::mark) continue;
    // What is passed over are viramas that became part of a chillu.
    const auto matches = [&](const Unit& other) {
      return other.order > unit.order || (other.order == unit.order && other.c == unit.c);
    };
    from = std::find_if(from, sent.end(), matches);
    if (from == sent.end() || from->order > unit.order) continue;
    assign(unit, *from++);
  }
}

}  // namespace

std::vector<SentOffset> sent_offsets(std::string_view sent, std::string_view spoken) {
  std::vector<SentOffset> offsets;
  Units of_sent = take_apart(sent, offsets);
  std::vector<SentOffset> of_spoken;
  const std::uint32_t end = offsets.back().code_points;
  const auto places = Alignment(std::move(of_sent), take_apart(spoken, of_spoken), end).find();
  std::vector<SentOffset> found;
  found.reserve(places.size());
  for (const std::uint32_t place : places) found.push_back(offsets[place]);
  return found;
}

}  // namespace bhashatts::text
