#include "blob/s3_multipart.h"

#include <algorithm>
#include <utility>

#include "base/log.h"
#include "blob/s3_xml.h"

namespace bhashatts::blob {
namespace {

constexpr std::string_view kRights = "s3:PutObject";
constexpr std::uint64_t kMostParts = 10'000;

// A completion may take minutes, so servers begin a success before they know of one.
void judge(net::HttpReply& reply) {
  if (!reply.ok() || says_completed(reply.body)) return;
  const auto trouble = parse_error(reply.body);
  reply.status = trouble && trouble->code == "PreconditionFailed" ? 412 : 500;
}

}  // namespace

S3Upload::~S3Upload() {
  if (!id_.empty()) abort();
}

net::HttpReply S3Upload::run(std::vector<net::Header> headers, std::string_view bytes,
                             std::uint64_t part_bytes, bool only_if_absent) {
  net::HttpReply reply = begin(std::move(headers));
  const std::size_t step = std::max(part_bytes, (bytes.size() + kMostParts - 1) / kMostParts);
  for (std::size_t at = 0; reply.ok() && at < bytes.size(); at += step) {
    reply = send_part(bytes.substr(at, step));
  }
  if (!reply.ok()) return reply;
  reply = complete(only_if_absent);
  if (reply.ok() || reply.status == 404) id_.clear();
  return reply;
}

net::HttpReply S3Upload::begin(std::vector<net::Header> headers) {
  net::HttpReply reply = client_.send({.method = "POST",
                                       .key = name_,
                                       .query = {{"uploads", ""}},
                                       .headers = std::move(headers),
                                       .rights = kRights});
  if (reply.ok()) id_ = parse_upload_id(reply.body);
  return reply;
}

net::HttpReply S3Upload::send_part(std::string_view part) {
  const std::string number = std::to_string(etags_.size() + 1);
  net::HttpReply reply = client_.send({.method = "PUT",
                                       .key = name_,
                                       .query = {{"partNumber", number}, {"uploadId", id_}},
                                       .body = part,
                                       .rights = kRights});
  if (reply.ok()) etags_.emplace_back(reply.header("etag"));
  return reply;
}

net::HttpReply S3Upload::complete(bool only_if_absent) {
  const std::string body = completion_xml(etags_);
  S3Call call{.method = "POST",
              .key = name_,
              .query = {{"uploadId", id_}},
              .headers = {{"Content-Type", "application/xml"}},
              .body = body,
              .rights = kRights,
              .conflict_is_final = true};
  if (only_if_absent) call.headers.push_back({"If-None-Match", "*"});
  net::HttpReply reply = client_.send(call);
  judge(reply);
  return reply;
}

// What is left behind costs its owner money until a rule of the bucket sweeps it.
void S3Upload::abort() noexcept {
  try {
    const auto reply = client_.send({.method = "DELETE",
                                     .key = name_,
                                     .query = {{"uploadId", id_}},
                                     .rights = "s3:AbortMultipartUpload"});
    if (reply.ok() || reply.status == 404) return;
  } catch (...) {
    // Told below.
  }
  log(LogLevel::warning, "blob.s3",
      "an unfinished upload could not be taken back; let a lifecycle rule of the bucket abort "
      "multipart uploads that are a day old");
}

}  // namespace bhashatts::blob
