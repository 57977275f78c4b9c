// Structs that grow (rule R9): what a caller's version of one does not have takes its default, and
// nothing is written behind what it has.
//
// A new field begins at or behind the sizeof of the version before, also where that ends in
// padding: what stands in an old caller's padding is anything.
//
// Thread rule: pure functions.
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <string>
#include <type_traits>

#include "bhashatts/c_plugins.h"
#include "bhashatts/error.h"

namespace bhashatts::c {

// The size of a struct's first version, by hand, and for ever; its defaults; what it is called.
template <typename Struct>
struct Versions;

#define BHASHATTS_VERSIONS(type, first_size, ...)           \
  template <>                                               \
  struct Versions<type> {                                   \
    static constexpr std::size_t kFirst = first_size;       \
    static constexpr const char* kName = #type;             \
    static type defaults() noexcept { return __VA_ARGS__; } \
  };                                                        \
  static_assert(sizeof(type) >= (first_size) && std::is_standard_layout_v<type>)

BHASHATTS_VERSIONS(bhashatts_open_options, 80, BHASHATTS_OPEN_OPTIONS_INIT);
BHASHATTS_VERSIONS(bhashatts_request, 120, BHASHATTS_REQUEST_INIT);
BHASHATTS_VERSIONS(bhashatts_speech_info, 160, BHASHATTS_SPEECH_INFO_INIT);
BHASHATTS_VERSIONS(bhashatts_stream_place, 32, BHASHATTS_STREAM_PLACE_INIT);
BHASHATTS_VERSIONS(bhashatts_timing, 40, BHASHATTS_TIMING_INIT);
BHASHATTS_VERSIONS(bhashatts_prewarm_options, 104, BHASHATTS_PREWARM_OPTIONS_INIT);
BHASHATTS_VERSIONS(bhashatts_import_options, 104, BHASHATTS_IMPORT_OPTIONS_INIT);
BHASHATTS_VERSIONS(bhashatts_reject_report, 56, BHASHATTS_REJECT_REPORT_INIT);
BHASHATTS_VERSIONS(bhashatts_forget_report, 32, BHASHATTS_FORGET_REPORT_INIT);
BHASHATTS_VERSIONS(bhashatts_clear_options, 32, BHASHATTS_CLEAR_OPTIONS_INIT);
BHASHATTS_VERSIONS(bhashatts_clear_report, 32, BHASHATTS_CLEAR_REPORT_INIT);
BHASHATTS_VERSIONS(bhashatts_synthesis_costs, 56, BHASHATTS_SYNTHESIS_COSTS_INIT);
BHASHATTS_VERSIONS(bhashatts_synthesizer, 56, {sizeof(bhashatts_synthesizer), 0, 0, 0, 0, 0, 0});
BHASHATTS_VERSIONS(bhashatts_cache_tier, 72,
                   {sizeof(bhashatts_cache_tier), 0, 0, {0, 0}, 0, 0, 0, 0});
BHASHATTS_VERSIONS(bhashatts_blob_store, 80,
                   {sizeof(bhashatts_blob_store), 0, 0, 0, 0, 0, 0, 0, 0, 0});
BHASHATTS_VERSIONS(bhashatts_event_sink, 48, {sizeof(bhashatts_event_sink), 0, 0, {0, 0}, 0});

#undef BHASHATTS_VERSIONS

[[noreturn]] void refuse_null(const char* what);
[[noreturn]] void refuse_size(const char* type, std::size_t size);

// The size that the caller's struct has. Raises bad_request where that is below the first
// version's.
template <typename Struct>
std::size_t checked_size(const Struct* given) {
  if (given == nullptr) refuse_null(Versions<Struct>::kName);
  std::size_t size = 0;
  std::memcpy(&size, given, sizeof size);
  if (size < Versions<Struct>::kFirst) refuse_size(Versions<Struct>::kName, size);
  return size;
}

// A struct of the present version, whatever the caller's is. Raises bad_request.
template <typename Struct>
Struct read(const Struct* given) {
  const std::size_t size = std::min(checked_size(given), sizeof(Struct));
  Struct read = Versions<Struct>::defaults();
  std::memcpy(static_cast<void*>(&read), given, size);
  read.struct_size = sizeof(Struct);
  return read;
}

// As read(), for use within a call: not copied where the caller's struct has all fields.
template <typename Struct>
class Reading {
 public:
  explicit Reading(const Struct* given)
      : whole_(checked_size(given) >= sizeof(Struct) ? given : nullptr) {
    if (whole_ == nullptr) short_ = read(given);
  }
  const Struct* operator->() const noexcept { return whole_ != nullptr ? whole_ : &short_; }

 private:
  const Struct* whole_;
  Struct short_;
};

// As above; null: all defaults.
template <typename Struct>
Struct read_or_defaults(const Struct* given) {
  return given == nullptr ? Versions<Struct>::defaults() : read(given);
}

// Fills what the caller's struct has room for; its struct_size stays. Raises bad_request.
template <typename Struct>
void write(const Struct& from, Struct* to) {
  const std::size_t size = checked_size(to);
  if (size >= sizeof(Struct)) {
    *to = from;
    to->struct_size = size;
  } else {
    Struct whole = from;
    whole.struct_size = size;
    std::memcpy(static_cast<void*>(to), &whole, size);
  }
}

}  // namespace bhashatts::c
