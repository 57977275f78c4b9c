// rooms: base voices config
//
// Any bytes are an export: rows, or what is wrong with them. The reader comes to an end, counts
// what it gives, and what it accepts is within bounds.
#include <sstream>
#include <string>

#include "bhashatts/import.h"

namespace {

bool is_sane(const bhashatts::GuideRow& row) {
  return row.page_number >= 0 && row.generation_time_ms >= 0 &&
         row.generation_cost_micro_usd >= 0 && row.generation_cost_micro_usd <= 1'000'000'000'000;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string bytes(reinterpret_cast<const char*>(data), size);
  std::istringstream in(bytes);
  bhashatts::GuideExport rows(in);
  std::int64_t last = 0;
  while (const auto row = rows.next()) {
    if (row->number <= last) __builtin_trap();
    last = row->number;
    if (last > static_cast<std::int64_t>(size) + 1) __builtin_trap();
    if (row->fault.empty() && !is_sane(*row)) __builtin_trap();
    if (bhashatts::guide_cache_key(row->text, row->language, row->voice_style).size() != 32) {
      __builtin_trap();
    }
  }
  std::istringstream again(bytes);
  if (bhashatts::GuideExport(again).count() < last) __builtin_trap();
  return 0;
}
