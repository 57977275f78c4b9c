// Clauses that say who speaks: “कौन है?” माँ ने पूछा। The sentence goes on behind such a quote.
//
// Thread rule: pure functions; any thread.
#pragma once

#include <cstddef>
#include <string_view>

namespace bhashatts::text {

// Whether the clause that begins at `from` reports speech: up to its end, a comma, a quote or the
// line's end, one of its first eight words is a verb of speaking from a closed list. `looked_at`
// grows by what was read, which never is beyond the next end of a sentence.
bool is_reporting_clause(std::string_view text, std::size_t from, std::size_t& looked_at);

// Whether the word at `from` says by itself that what precedes was quoted (என்று, എന്ന്, అని): no
// sentence begins with it.
bool begins_with_quotative(std::string_view text, std::size_t from);

}  // namespace bhashatts::text
