// The bytes of a record: a list of numbered fields, so that a later version may add fields and an
// earlier one skips what it does not know.
//
//   field  = head (varint: number * 2 + kind), then
//            kind 0: a number, zigzag varint; kind 1: varint length and that many bytes
//   record = fields; empty bytes are left out; a field that is not there keeps its default
//
// Each record has one function that lists its fields (record_codec.cpp). Writer and Reader both
// "visit" that list, so what is written and what is read cannot drift apart. CBOR was the
// alternative: it repeats the fields' names in every record and is read through a JSON tree, whose
// types would then have to be checked all the same.
//
// Reading is strict: a field of the wrong kind, out of its type's range, given twice, or cut off
// makes the whole record unreadable.
//
// Thread rule: values of one thread.
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "bhashatts/audio.h"
#include "bhashatts/key.h"

namespace bhashatts::catalog::wire {

enum class Kind : unsigned { number = 0, bytes = 1 };

class Writer {
 public:
  template <typename T>
  void operator()(unsigned field, const T& value) {
    if constexpr (std::is_enum_v<T> || std::is_integral_v<T>) {
      number(field, static_cast<std::int64_t>(value));
    } else {
      bytes(field, value);
    }
  }

  template <typename T, typename List>
  void nested(unsigned field, const T& value, List list) {
    Writer inner;
    list(inner, value);
    head(field, Kind::bytes);
    append_bytes(inner.out_);
  }

  template <typename T, typename List>
  void nested(unsigned field, const std::optional<T>& value, List list) {
    if (value) nested(field, *value, list);
  }

  std::string take() { return std::move(out_); }

 private:
  void number(unsigned field, std::int64_t value);
  void bytes(unsigned field, std::string_view value);
  void bytes(unsigned field, const Key& value);
  void bytes(unsigned field, const std::vector<Key>& value);
  void bytes(unsigned field, const std::vector<UtterancePlace>& value);
  void head(unsigned field, Kind kind);
  void append_varint(std::uint64_t value);
  void append_bytes(std::string_view value);

  std::string out_;
};

class Reader {
 public:
  explicit Reader(std::string_view record);

  // Whether all that was asked for so far could be read.
  bool ok() const { return ok_; }

  template <typename T>
  void operator()(unsigned field, T& value) {
    if constexpr (std::is_enum_v<T>) {
      std::int64_t raw = 0;
      if (number(field, 1, last_of(T{}), raw)) value = static_cast<T>(raw);
    } else if constexpr (std::is_same_v<T, bool>) {
      std::int64_t raw = 0;
      if (number(field, 0, 1, raw)) value = raw == 1;
    } else if constexpr (std::is_same_v<T, std::uint64_t>) {
      std::int64_t raw = 0;
      if (number(field, kLowest, kHighest, raw)) value = static_cast<std::uint64_t>(raw);
    } else if constexpr (std::is_integral_v<T>) {
      using Limits = std::numeric_limits<T>;
      std::int64_t raw = 0;
      if (number(field, Limits::min(), Limits::max(), raw)) value = static_cast<T>(raw);
    } else {
      bytes(field, value);
    }
  }

  template <typename T, typename List>
  void nested(unsigned field, T& value, List list) {
    const Field* found = find(field, Kind::bytes);
    if (found == nullptr) return;
    Reader inner(found->bytes);
    list(inner, value);
    ok_ = ok_ && inner.ok();
  }

  template <typename T, typename List>
  void nested(unsigned field, std::optional<T>& value, List list) {
    if (find(field, Kind::bytes) != nullptr) nested(field, value.emplace(), list);
  }

 private:
  struct Field {
    std::uint64_t number = 0;
    Kind kind = Kind::number;
    std::int64_t value = 0;
    std::string_view bytes;
  };
  static constexpr std::int64_t kLowest = std::numeric_limits<std::int64_t>::min();
  static constexpr std::int64_t kHighest = std::numeric_limits<std::int64_t>::max();
  static constexpr std::size_t kMostFields = 64;

  bool parse(std::string_view record);
  const Field* find(unsigned field, Kind kind);
  bool number(unsigned field, std::int64_t lowest, std::int64_t highest, std::int64_t& value);
  void bytes(unsigned field, std::string& value);
  void bytes(unsigned field, Key& value);
  void bytes(unsigned field, std::vector<Key>& value);
  void bytes(unsigned field, std::vector<UtterancePlace>& value);

  std::array<Field, kMostFields> fields_;
  std::size_t count_ = 0;
  bool ok_;
};

}  // namespace bhashatts::catalog::wire
