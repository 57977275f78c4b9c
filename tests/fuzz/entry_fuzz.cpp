// rooms: base cache
// The index entry: whatever decodes must encode to the very same bytes. Each input is tried as it
// is, and again under a right checksum, which a fuzzer would never guess.
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "base/hash.h"
#include "cache/entry_codec.h"

namespace {

void try_entry(std::string_view bytes) {
  bhashatts::cache::Entry entry;
  if (decode(bytes, entry) != bhashatts::cache::Decoded::good) return;
  if (encode(entry) != bytes) std::abort();
}

std::string sealed(std::string_view body) {
  std::string bytes(body);
  std::uint64_t sum = bhashatts::xxh3_64(body);
  for (int i = 0; i < 8; ++i, sum >>= 8U) bytes.push_back(static_cast<char>(sum & 0xffU));
  return bytes;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  try_entry(bytes);
  try_entry(sealed(bytes));
  return 0;
}
