// One multipart upload: begun, sent in equal parts (R2 insists), completed, or taken back.
//
// Thread rule: one thread.
#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "blob/s3_client.h"

namespace bhashatts::blob {

class S3Upload {
 public:
  // Both outlive it.
  S3Upload(S3Client& client, std::string_view name) : client_(client), name_(name) {}
  // Removes what was sent, if the upload was not completed.
  ~S3Upload();
  S3Upload(const S3Upload&) = delete;
  S3Upload& operator=(const S3Upload&) = delete;

  // The reply that decided: a success when the object is there, else the first failure (also where
  // it came with the status of a success). Raises where none came.
  net::HttpReply run(std::vector<net::Header> headers, std::string_view bytes,
                     std::uint64_t part_bytes, bool only_if_absent);

 private:
  net::HttpReply begin(std::vector<net::Header> headers);
  net::HttpReply send_part(std::string_view part);
  net::HttpReply complete(bool only_if_absent);
  void abort() noexcept;

  S3Client& client_;
  const std::string_view name_;
  std::string id_;  // empty: nothing to take back
  std::vector<std::string> etags_;
};

}  // namespace bhashatts::blob
