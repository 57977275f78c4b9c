// The labels stand behind the bytes, not before them. So the view of a mapped debt begins where the
// mapping does, is_mapped() (base/files.h) knows it, and the memory tier charges nothing for it; a
// header would have it count mapped audio as memory, or would ask for a page of padding.
//
//   bytes · name · media type · identity · ten little-endian numbers of eight bytes
//
// Every later version keeps the last four numbers (size of the trailer, version, its checksum,
// magic) where they are: so a flipped bit is told apart from a file of a newer process.
#include "blob/spool_file.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>

#include "base/hash.h"
#include "bhashatts/error.h"
#include "bhashatts/key.h"
#include "blob/object_name.h"

namespace bhashatts::blob {
namespace {

constexpr std::uint64_t kMagic = 0x74626564'20535442;  // "BTS debt"
constexpr std::uint64_t kVersion = 1;
constexpr std::size_t kWidth = sizeof(std::uint64_t);
constexpr std::size_t kMostTrailer = 4096;  // names are 1,024 bytes at most, labels 255
constexpr std::size_t kMostLabel = 255;
constexpr std::string_view kSuffix = ".owed";
constexpr std::size_t kDigits = 32;

// The numbers, in their order.
enum Place : std::size_t {
  duration,
  payload_size,
  payload_sum,
  name_size,
  media_type_size,
  identity_size,
  trailer_size,
  version,
  trailer_sum,  // XXH3-64 of the trailer up to here
  magic,
  places
};
using Numbers = std::array<std::uint64_t, places>;
constexpr std::size_t kNumbers = places * kWidth;
constexpr std::size_t kAfterSum = (places - trailer_sum) * kWidth;

struct Trailer {
  std::string_view name;
  std::string_view media_type;
  std::string_view identity;
  Numbers numbers{};
};

void append(std::string& bytes, std::uint64_t number) {
  for (std::size_t i = 0; i < kWidth; ++i, number >>= 8U) {
    bytes.push_back(static_cast<char>(number & 0xffU));
  }
}

std::uint64_t number_at(std::string_view bytes) {
  std::uint64_t number = 0;
  for (std::size_t i = kWidth; i-- > 0;) {
    number = (number << 8U) | static_cast<unsigned char>(bytes[i]);
  }
  return number;
}

Numbers numbers_of(std::string_view last) {
  Numbers numbers{};
  for (std::size_t i = 0; i < places; ++i) numbers[i] = number_at(last.substr(i * kWidth));
  return numbers;
}

// Labels become header fields of a request.
bool is_label(std::string_view label) {
  if (label.size() > kMostLabel) return false;
  return std::none_of(label.begin(), label.end(),
                      [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

void refuse_bad_labels(const BlobLabels& labels) {
  if (is_label(labels.media_type) && is_label(labels.identity)) return;
  throw Error(ErrorCode::bad_request,
              "a label of an object is longer than 255 bytes or holds control characters");
}

bool fits(const Numbers& numbers, std::size_t file_size) {
  for (const Place text : {name_size, media_type_size, identity_size}) {
    if (numbers[text] > kMostTrailer) return false;
  }
  const auto texts = numbers[name_size] + numbers[media_type_size] + numbers[identity_size];
  return texts + kNumbers == numbers[trailer_size] &&
         numbers[payload_size] == file_size - numbers[trailer_size];
}

DebtFile read_trailer(std::string_view file, Trailer& read) {
  if (file.size() < kNumbers) return DebtFile::damaged;
  const Numbers numbers = numbers_of(file.substr(file.size() - kNumbers));
  const std::uint64_t size = numbers[trailer_size];
  if (numbers[magic] != kMagic || size < kNumbers || size > file.size()) return DebtFile::damaged;
  if (size > kMostTrailer && numbers[version] <= kVersion) return DebtFile::damaged;
  std::string_view trailer = file.substr(file.size() - size);
  const auto sum = xxh3_64(trailer.substr(0, trailer.size() - kAfterSum));
  if (sum != numbers[trailer_sum]) return DebtFile::damaged;
  if (numbers[version] > kVersion) return DebtFile::newer;
  if (numbers[version] != kVersion || !fits(numbers, file.size())) return DebtFile::damaged;
  const auto take = [&trailer](std::uint64_t count) {
    const std::string_view taken = trailer.substr(0, count);
    trailer.remove_prefix(taken.size());
    return taken;
  };
  read.name = take(numbers[name_size]);
  read.media_type = take(numbers[media_type_size]);
  read.identity = take(numbers[identity_size]);
  read.numbers = numbers;
  const bool sane =
      is_object_name(read.name) && is_label(read.media_type) && is_label(read.identity);
  return sane ? DebtFile::good : DebtFile::damaged;
}

}  // namespace

std::string debt_leaf(std::string_view object_name) {
  return KeyHasher().field("spool").field(object_name).finish().hex() + std::string(kSuffix);
}

bool is_debt_leaf(std::string_view leaf) {
  if (!leaf.ends_with(kSuffix)) return false;
  leaf.remove_suffix(kSuffix.size());
  return leaf.size() == kDigits && leaf.find_first_not_of("0123456789abcdef") == leaf.npos;
}

std::string encode_debt(std::string_view object_name, const SharedBytes& bytes,
                        const BlobLabels& labels) {
  refuse_bad_name(object_name);
  refuse_bad_labels(labels);
  std::string file;
  file.reserve(bytes.size() + kMostTrailer);
  file.append(bytes.chars()).append(object_name);
  file.append(labels.media_type).append(labels.identity);
  Numbers numbers{};
  numbers[duration] = std::bit_cast<std::uint64_t>(labels.duration_ms);
  numbers[payload_size] = bytes.size();
  numbers[payload_sum] = xxh3_64(bytes.span());
  numbers[name_size] = object_name.size();
  numbers[media_type_size] = labels.media_type.size();
  numbers[identity_size] = labels.identity.size();
  numbers[trailer_size] = file.size() - bytes.size() + kNumbers;
  numbers[version] = kVersion;
  for (std::size_t i = 0; i < trailer_sum; ++i) append(file, numbers[i]);
  append(file, xxh3_64(std::string_view(file).substr(bytes.size())));
  append(file, kMagic);
  return file;
}

DebtFile read_debt(const SharedBytes& file, Debt& debt) {
  Trailer trailer;
  if (const DebtFile state = read_trailer(file.chars(), trailer); state != DebtFile::good) {
    return state;
  }
  const auto payload = file.span().first(trailer.numbers[payload_size]);
  if (xxh3_64(payload) != trailer.numbers[payload_sum]) return DebtFile::damaged;
  debt.name = trailer.name;
  debt.labels = {.media_type = std::string(trailer.media_type),
                 .identity = std::string(trailer.identity),
                 .duration_ms = std::bit_cast<std::int64_t>(trailer.numbers[duration])};
  debt.bytes =
      SharedBytes(payload.data(), payload.size(), std::make_shared<const SharedBytes>(file));
  return DebtFile::good;
}

DebtFile read_debt_info(const SharedBytes& file, BlobInfo& info) {
  Trailer trailer;
  const DebtFile state = read_trailer(file.chars(), trailer);
  if (state == DebtFile::good) {
    info = {.name = std::string(trailer.name),
            .size_bytes = trailer.numbers[payload_size],
            .identity = std::string(trailer.identity)};
  }
  return state;
}

}  // namespace bhashatts::blob
