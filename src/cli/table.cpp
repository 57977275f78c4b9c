#include "cli/table.h"

#include <algorithm>

namespace bhashatts::cli {
namespace {

constexpr std::string_view kGap = "  ";
constexpr std::size_t kNarrowest = 20;  // a column thinner than this is worse than a long line

std::string padded(const std::string& cell, std::size_t width) {
  const std::size_t used = columns(cell);
  return cell + std::string(width > used ? width - used : 0, ' ');
}

std::size_t room_for_last(int width, std::size_t used) {
  if (width <= 0) return 0;
  const auto whole = static_cast<std::size_t>(width);
  return whole > used + kNarrowest ? whole - used : kNarrowest;
}

}  // namespace

Table& Table::row(std::vector<std::string> cells) {
  rows_.push_back(std::move(cells));
  return *this;
}

std::vector<std::size_t> Table::widths() const {
  std::vector<std::size_t> widest;
  for (const auto& cells : rows_) {
    widest.resize(std::max(widest.size(), cells.size()));
    for (std::size_t i = 0; i < cells.size(); ++i) {
      widest[i] = std::max(widest[i], columns(cells[i]));
    }
  }
  return widest;
}

std::string Table::text(int width) const {
  const auto widest = widths();
  std::string all;
  for (const auto& cells : rows_) {
    std::string start = indent_;
    for (std::size_t i = 0; i + 1 < cells.size(); ++i) {
      start.append(padded(cells[i], widest[i])).append(kGap);
    }
    const std::size_t used = columns(start);
    for (const auto& line : wrapped(cells.back(), room_for_last(width, used))) {
      all.append(start).append(line).push_back('\n');
      start.assign(used, ' ');
    }
  }
  return all;
}

std::size_t columns(std::string_view text) {
  return static_cast<std::size_t>(std::ranges::count_if(
      text, [](char c) { return (static_cast<unsigned char>(c) & 0xC0) != 0x80; }));
}

std::vector<std::string> wrapped(std::string_view text, std::size_t width) {
  std::vector<std::string> lines(1);
  while (!text.empty()) {
    const auto blank = width == 0 ? std::string_view::npos : text.find(' ');
    const auto word = text.substr(0, blank);
    std::string& line = lines.back();
    if (line.empty()) {
      line = word;
    } else if (columns(line) + 1 + columns(word) <= width) {
      line.append(" ").append(word);
    } else {
      lines.emplace_back(word);
    }
    text.remove_prefix(blank == std::string_view::npos ? text.size() : blank + 1);
  }
  return lines;
}

}  // namespace bhashatts::cli
