// One debt of the spool as one file: the object's bytes, and behind them all that must be known to
// pay it.
//
// Thread rule: functions without state.
#pragma once

#include <string>
#include <string_view>

#include "bhashatts/blob_store.h"
#include "bhashatts/bytes.h"

namespace bhashatts::blob {

struct Debt {
  std::string name;  // of the object
  BlobLabels labels;
  SharedBytes bytes;
};

// What the debt's file is called: 32 digits of a hash of the object's name, and ".owed".
std::string debt_leaf(std::string_view object_name);
bool is_debt_leaf(std::string_view leaf);

// Raises bad_request where a label is longer than 255 bytes or holds control characters.
std::string encode_debt(std::string_view object_name, const SharedBytes& bytes,
                        const BlobLabels& labels);

// newer: whole, but written by a later version. Outputs are set only when good.
enum class DebtFile { good, newer, damaged };
// Trusts nothing. The debt's bytes are a view of `file`, not a copy.
DebtFile read_debt(const SharedBytes& file, Debt& debt);
// Name and size alone, for listings: looks at the last page of the file only.
DebtFile read_debt_info(const SharedBytes& file, BlobInfo& info);

}  // namespace bhashatts::blob
