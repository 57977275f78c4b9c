// rooms: base net blob
// What an object store says, in XML or not: every reader of it either understands or raises the one
// error of a store. Names are not made longer, and no message holds the server's text.
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>

#include "blob/s3_error.h"
#include "blob/s3_xml.h"

namespace {

namespace blob = bhashatts::blob;

constexpr std::string_view kSecret = "wJalrXUtnFEMIQZXJKV";

void must(bool holds) {
  if (!holds) std::abort();
}

template <typename Reader>
void try_reading(const Reader& reader) {
  try {
    reader();
  } catch (const bhashatts::Error& error) {
    must(error.code() == bhashatts::ErrorCode::storage_failed);
  }
}

void check_errors(std::string_view body, int status) {
  bhashatts::net::HttpReply reply;
  reply.status = status;
  reply.body = body;
  const auto error = blob::error_of(reply, "s3:GetObject", kSecret);
  must(static_cast<int>(error.code()) / 100 == 6);
  must(error.detail().find(kSecret) == std::string::npos);
  must(error.detail().find('\n') == std::string::npos);
  const std::string_view message = error.what();
  must(message.find("://") == std::string_view::npos && message.size() < 600);
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view body(reinterpret_cast<const char*>(data), size);
  for (const int status : {301, 400, 401, 403, 404, 503}) check_errors(body, status);
  try_reading([&] {
    for (const auto& object : blob::parse_page(body).objects) must(object.name.size() <= size);
  });
  try_reading([&] { must(!blob::parse_upload_id(body).empty()); });
  try_reading([&] { blob::parse_removal(body); });
  blob::says_completed(body);
  return 0;
}
