#include "catalog/wire.h"

#include "base/places.h"

#include <algorithm>
#include <cstring>

namespace bhashatts::catalog::wire {
namespace {

std::uint64_t zigzag(std::int64_t value) {
  return (static_cast<std::uint64_t>(value) << 1U) ^ static_cast<std::uint64_t>(value >> 63);
}

std::int64_t unzigzag(std::uint64_t value) {
  return static_cast<std::int64_t>((value >> 1U) ^ (~(value & 1U) + 1));
}

// Takes a varint off the front of `bytes`; false when it is cut off or over 64 bits.
bool take_varint(std::string_view& bytes, std::uint64_t& value) {
  value = 0;
  for (unsigned shift = 0; shift < 64; shift += 7) {
    if (bytes.empty()) return false;
    const auto byte = static_cast<unsigned char>(bytes.front());
    bytes.remove_prefix(1);
    if (shift == 63 && byte > 1) return false;
    value |= static_cast<std::uint64_t>(byte & 0x7fU) << shift;
    if (byte < 0x80) return true;
  }
  return false;
}

std::string_view view(const Key& key) {
  return {reinterpret_cast<const char*>(key.bytes.data()), key.bytes.size()};
}

Key key_at(std::string_view bytes, std::size_t offset) {
  Key key;
  std::memcpy(key.bytes.data(), bytes.data() + offset, key.bytes.size());
  return key;
}

constexpr std::size_t kKeySize = sizeof(Key::bytes);

}  // namespace

void Writer::append_varint(std::uint64_t value) {
  for (; value >= 0x80; value >>= 7U) out_ += static_cast<char>((value & 0x7fU) | 0x80U);
  out_ += static_cast<char>(value);
}

void Writer::append_bytes(std::string_view value) {
  append_varint(value.size());
  out_ += value;
}

void Writer::head(unsigned field, Kind kind) {
  append_varint(std::uint64_t{field} * 2 + static_cast<unsigned>(kind));
}

void Writer::number(unsigned field, std::int64_t value) {
  head(field, Kind::number);
  append_varint(zigzag(value));
}

void Writer::bytes(unsigned field, std::string_view value) {
  if (value.empty()) return;
  head(field, Kind::bytes);
  append_bytes(value);
}

void Writer::bytes(unsigned field, const Key& value) {
  if (value != Key{}) bytes(field, view(value));
}

void Writer::bytes(unsigned field, const std::vector<Key>& value) {
  std::string joined;
  joined.reserve(value.size() * kKeySize);
  for (const Key& key : value) joined += view(key);
  bytes(field, std::string_view(joined));
}

void Writer::bytes(unsigned field, const std::vector<UtterancePlace>& value) {
  bytes(field, std::string_view(pack_places(value)));
}

Reader::Reader(std::string_view record) : ok_(parse(record)) {
  if (!ok_) count_ = 0;
}

bool Reader::parse(std::string_view record) {
  while (!record.empty()) {
    if (count_ == kMostFields) return false;
    std::uint64_t head = 0;
    std::uint64_t value = 0;
    if (!take_varint(record, head) || !take_varint(record, value)) return false;
    Field field{head / 2, static_cast<Kind>(head % 2), 0, {}};
    if (field.kind == Kind::number) {
      field.value = unzigzag(value);
    } else {
      if (value > record.size()) return false;
      field.bytes = record.substr(0, value);
      record.remove_prefix(value);
    }
    fields_[count_++] = field;
  }
  return true;
}

// Linear: records have at most some twenty fields, in the order in which they are asked for.
const Reader::Field* Reader::find(unsigned field, Kind kind) {
  const Field* found = nullptr;
  for (std::size_t i = 0; i < count_; ++i) {
    if (fields_[i].number != field) continue;
    if (found != nullptr || fields_[i].kind != kind) {
      ok_ = false;
      return nullptr;
    }
    found = &fields_[i];
  }
  return found;
}

bool Reader::number(unsigned field, std::int64_t lowest, std::int64_t highest,
                    std::int64_t& value) {
  const Field* found = find(field, Kind::number);
  if (found == nullptr) return false;
  if (found->value < lowest || found->value > highest) {
    ok_ = false;
    return false;
  }
  value = found->value;
  return true;
}

void Reader::bytes(unsigned field, std::string& value) {
  if (const Field* found = find(field, Kind::bytes)) value = found->bytes;
}

void Reader::bytes(unsigned field, Key& value) {
  const Field* found = find(field, Kind::bytes);
  if (found == nullptr) return;
  if (found->bytes.size() != kKeySize) {
    ok_ = false;
    return;
  }
  value = key_at(found->bytes, 0);
}

void Reader::bytes(unsigned field, std::vector<Key>& value) {
  const Field* found = find(field, Kind::bytes);
  if (found == nullptr) return;
  if (found->bytes.size() % kKeySize != 0) {
    ok_ = false;
    return;
  }
  value.reserve(found->bytes.size() / kKeySize);
  for (std::size_t at = 0; at < found->bytes.size(); at += kKeySize) {
    value.push_back(key_at(found->bytes, at));
  }
}

void Reader::bytes(unsigned field, std::vector<UtterancePlace>& value) {
  const Field* found = find(field, Kind::bytes);
  if (found == nullptr) return;
  auto places = unpack_places(found->bytes);
  ok_ = ok_ && places.has_value();
  if (places) value = *std::move(places);
}

}  // namespace bhashatts::catalog::wire
