// The XML that S3 speaks, read as the hostile text that it is: other namespaces, other orders,
// elements that nobody knows and documents that end in the middle do no harm.
//
// Thread rule: pure functions.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "bhashatts/blob_store.h"

namespace bhashatts::blob {

struct S3Trouble {
  std::string code;     // "NoSuchKey"
  std::string message;  // the server's words
  std::string key;      // of one object among many; else empty
  std::string region;   // the one that the server would have liked
};

// Nothing where the body holds no <Error> with a code. What is cut off is read as far as it goes.
std::optional<S3Trouble> parse_error(std::string_view body);

struct S3Page {
  std::vector<BlobInfo> objects;
  std::string next_token;  // empty: this was the last page
};

// Answer of ListObjectsV2. Raises storage_failed for what is none, or not whole: a page that was
// cut off must not pass for the end of the list.
S3Page parse_page(std::string_view body);

// Answer of CreateMultipartUpload; raises storage_failed where there is none in it.
std::string parse_upload_id(std::string_view body);

// Answer of DeleteObjects: what could not be removed. Raises storage_failed for what is none.
std::vector<S3Trouble> parse_removal(std::string_view body);

// Answer of CompleteMultipartUpload, which may be a success by its status and an error by its
// words: true where it says that the object is there.
bool says_completed(std::string_view body);

std::string removal_xml(std::span<const std::string> keys);
// etags: of the parts, in order, as the server gave them.
std::string completion_xml(std::span<const std::string> etags);

}  // namespace bhashatts::blob
