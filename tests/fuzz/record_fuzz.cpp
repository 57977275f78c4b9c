// rooms: base catalog
// Records of the catalog. The first byte chooses the kind, the rest is the record less its
// checksum. What can be read must be written back to something that reads the same.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "catalog/record_codec.h"

namespace {

namespace catalog = bhashatts::catalog;

template <typename Record>
void check(std::string_view body) {
  static_cast<void>(catalog::decode<Record>(body));  // with a checksum that it will not guess
  const auto record = catalog::decode_body<Record>(body);
  if (!record) return;
  const auto written = catalog::encode_body(*record);
  const auto again = catalog::decode_body<Record>(written);
  if (!again || catalog::encode_body(*again) != written) std::abort();
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  if (size == 0) return 0;
  const std::string_view body(reinterpret_cast<const char*>(data) + 1, size - 1);
  switch (data[0] % 8) {
    case 0: check<catalog::UtteranceRecord>(body); break;
    case 1: check<catalog::SpeechEntry>(body); break;
    case 2: check<catalog::LedgerEntry>(body); break;
    case 3: check<bhashatts::Event>(body); break;
    case 4: check<catalog::HitCounter>(body); break;
    case 5: check<catalog::PageLink>(body); break;
    case 6: check<catalog::StoredTotals>(body); break;
    default: check<catalog::NumberedPace>(body); break;
  }
  return 0;
}
