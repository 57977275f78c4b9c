#include "text/compose.h"

#include <algorithm>

#include "bhashatts/error.h"

namespace bhashatts::text {
namespace {

constexpr auto kNfc = static_cast<utf8proc_option_t>(UTF8PROC_STABLE | UTF8PROC_COMPOSE);
constexpr std::size_t kLongestDecomposition = 4;  // of one code point, canonically (U+1F82)

int mark_class(utf8proc_int32_t c) { return utf8proc_get_property(c)->combining_class; }

bool by_class(utf8proc_int32_t a, utf8proc_int32_t b) { return mark_class(a) < mark_class(b); }

std::size_t checked(utf8proc_ssize_t result, std::size_t limit) {
  if (result < 0 || static_cast<std::size_t>(result) > limit) {
    throw Error(ErrorCode::internal, "utf8proc failed to normalise a text; please report it");
  }
  return static_cast<std::size_t>(result);
}

}  // namespace

void Composer::compose_tail(std::u32string& text, std::size_t from) {
  decompose(text, from);
  order_marks();
  const auto size = static_cast<utf8proc_ssize_t>(scratch_.size());
  const auto composed =
      checked(utf8proc_normalize_utf32(scratch_.data(), size, kNfc), scratch_.size());
  text.resize(from);
  text.insert(text.end(), scratch_.begin(),
              scratch_.begin() + static_cast<std::ptrdiff_t>(composed));
}

void Composer::decompose(const std::u32string& text, std::size_t from) {
  scratch_.resize((text.size() - from) * kLongestDecomposition);
  std::size_t size = 0;
  int boundary = 0;
  for (std::size_t i = from; i < text.size(); ++i) {
    const std::size_t room = scratch_.size() - size;
    size += checked(
        utf8proc_decompose_char(static_cast<utf8proc_int32_t>(text[i]), scratch_.data() + size,
                                static_cast<utf8proc_ssize_t>(room), kNfc, &boundary),
        room);
  }
  scratch_.resize(size);
}

void Composer::order_marks() {
  std::size_t run = 0;
  for (std::size_t i = 0; i < scratch_.size(); ++i) {
    if (mark_class(scratch_[i]) != 0) continue;
    order_run(run, i);
    run = i + 1;
  }
  order_run(run, scratch_.size());
}

void Composer::order_run(std::size_t from, std::size_t to) {
  const auto first = scratch_.begin() + static_cast<std::ptrdiff_t>(from);
  const auto last = scratch_.begin() + static_cast<std::ptrdiff_t>(to);
  if (!std::is_sorted(first, last, by_class)) std::stable_sort(first, last, by_class);
}

}  // namespace bhashatts::text
