// Where a bucket's objects are: the host that is asked, and the paths on it.
//
// Thread rule: a value.
#pragma once

#include <string>
#include <string_view>

#include "blob/s3_store.h"

namespace bhashatts::blob {

class S3Address {
 public:
  // Raises config_invalid where endpoint, bucket or region cannot be, or do not fit each other.
  explicit S3Address(const S3Options& options);

  const std::string& host() const noexcept { return host_; }      // as the Host header says it
  const std::string& region() const noexcept { return region_; }  // as it is signed
  // Amazon's and Cloudflare's keep the first of two writers; of others that is only to be hoped.
  bool known_to_be_conditional() const noexcept { return is_aws_ || is_r2_; }
  // As it stands in a request line; key empty: of the bucket.
  std::string path(std::string_view key) const;
  std::string url(const std::string& path) const { return scheme_ + "://" + host_ + path; }

 private:
  void read_endpoint(const S3Options& options);
  bool by_host(const S3Options& options) const;

  std::string scheme_;
  std::string host_;
  std::string base_;  // of every path: "", or "/bucket", behind what the endpoint itself has
  std::string region_;
  bool is_aws_ = false;
  bool is_r2_ = false;
};

}  // namespace bhashatts::blob
