// rooms: base net blob
// A file of the spool: whatever is read as a debt must be written as the very same bytes. Each
// input is tried as it is, and again with its checksums made right, which a fuzzer would never
// guess.
#include <array>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "blob/spool_file.h"

namespace {

using bhashatts::SharedBytes;
using bhashatts::blob::DebtFile;
using bhashatts::blob::encode_debt;
using bhashatts::blob::read_debt_info;

constexpr std::size_t kNumbers = 80;  // of the trailer

void try_file(std::string_view bytes) {
  const SharedBytes file = SharedBytes::adopt(std::string(bytes));
  bhashatts::blob::Debt debt;
  bhashatts::BlobInfo info;
  const DebtFile state = read_debt(file, debt);
  const DebtFile of_info = read_debt_info(file, info);
  if (state == DebtFile::good && of_info != DebtFile::good) std::abort();
  if ((state == DebtFile::newer) != (of_info == DebtFile::newer)) std::abort();
  if (state != DebtFile::good) return;
  if (info.name != debt.name || info.size_bytes != debt.bytes.size()) std::abort();
  if (encode_debt(debt.name, debt.bytes, debt.labels) != bytes) std::abort();
}

std::uint64_t number_at(std::string_view bytes, std::size_t place) {
  std::uint64_t number = 0;
  for (std::size_t i = 8; i-- > 0;) {
    number = (number << 8U) | static_cast<unsigned char>(bytes[place + i]);
  }
  return number;
}

void set_number(std::string& bytes, std::size_t place, std::uint64_t number) {
  for (std::size_t i = 0; i < 8; ++i, number >>= 8U) {
    bytes[place + i] = static_cast<char>(number & 0xffU);
  }
}

// Sizes as the file says where they can be so; then the sums of what they enclose.
std::string sealed(std::string_view input) {
  std::string bytes(input);
  const std::size_t numbers = bytes.size() - kNumbers;
  const std::uint64_t payload = number_at(bytes, numbers + 8);
  if (payload <= numbers) {
    const auto sum = bhashatts::xxh3_64(std::string_view(bytes).substr(0, payload));
    set_number(bytes, numbers + 16, sum);
  }
  const std::uint64_t trailer = number_at(bytes, numbers + 48);
  if (trailer >= kNumbers && trailer <= bytes.size()) {
    const std::size_t begin = bytes.size() - trailer;
    const auto sum =
        bhashatts::xxh3_64(std::string_view(bytes).substr(begin, bytes.size() - 16 - begin));
    set_number(bytes, numbers + 64, sum);
  }
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  try_file(bytes);
  if (size >= kNumbers) try_file(sealed(bytes));
  return 0;
}
