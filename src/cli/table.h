// Aligned columns for people. The last column wraps at the given width.
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace bhashatts::cli {

class Table {
 public:
  explicit Table(std::string indent = "") : indent_(std::move(indent)) {}

  Table& row(std::vector<std::string> cells);
  // width 0: nothing wraps.
  std::string text(int width = 0) const;

 private:
  std::vector<std::size_t> widths() const;

  std::string indent_;
  std::vector<std::vector<std::string>> rows_;
};

// Columns that the text takes on a terminal, one for each code point.
std::size_t columns(std::string_view text);

// Splits at blanks into lines of at most `width` columns where words allow; width 0: one line.
std::vector<std::string> wrapped(std::string_view text, std::size_t width);

}  // namespace bhashatts::cli
