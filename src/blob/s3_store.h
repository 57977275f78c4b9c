// The permanent store on S3, R2, or whatever else speaks their protocol.
//
// Thread rule: as BlobStore; safe after fork as its Transport is.
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>

#include "base/waiter.h"
#include "bhashatts/blob_store.h"
#include "net/http.h"

namespace bhashatts::blob {

struct S3Options {
  std::string endpoint;  // "https://<account>.r2.cloudflarestorage.com"; empty: AWS's of region
  std::string region;    // empty or "auto": "auto" at R2, else us-east-1
  std::string bucket;
  std::string access_key_id;
  std::string secret_access_key;
  std::string session_token;                 // empty: none
  std::string custom_domain;                 // "cdn.example.org": urls are made of it; empty: none
  std::string acl;                           // x-amz-acl of what is put; empty: not sent
  bool sign_urls = false;                    // urls are presigned
  std::chrono::seconds url_lifetime{3'600};  // of presigned ones, at most 7 days
  enum class Style { automatic, path, virtual_host } style = Style::automatic;
  std::uint64_t part_bytes = std::uint64_t{16}
                             << 20;           // bigger objects are put in equal parts of this
  std::chrono::milliseconds timeout{30'000};  // of one call and its repetitions
};

// What tests put in the place of the world; empty: the world.
struct S3Surroundings {
  Waiter* waiter = nullptr;
  std::function<double()> jitter = {};  // 0 to 1, of each pause between attempts
  std::function<std::int64_t()> unix_seconds = {};
};

// put_if_absent takes object names (object_name.h) only, as every store does, so that what is kept
// can move to another one; the other members take whatever a bucket can hold.
class S3Store : public BlobStore {
 public:
  // One cheap signed call, for status: raises what is wrong with address, bucket, key, clock or
  // rights, if anything is.
  virtual void check() = 0;
};

// Raises config_invalid where a setting cannot be; asks nothing of the server yet.
std::shared_ptr<S3Store> make_s3_store(const S3Options& options,
                                       std::shared_ptr<net::Transport> transport,
                                       const S3Surroundings& around = {});

}  // namespace bhashatts::blob
