// Writing an object once: the first writer wins, and everybody else is told so.
//
// Thread rule: any thread; what it learns of the server is atomic.
#pragma once

#include <atomic>
#include <optional>
#include <string_view>
#include <vector>

#include "bhashatts/blob_store.h"
#include "blob/s3_client.h"

namespace bhashatts::blob {

class S3Writer {
 public:
  // The client outlives it. Raises config_invalid where options cannot be.
  S3Writer(S3Client& client, const S3Options& options);

  // already_there also where this very call stored it and the answer was lost.
  PutOutcome put_if_absent(std::string_view name, const SharedBytes& bytes,
                           const BlobLabels& labels);

 private:
  // The headers that a server may refuse, as one request has them.
  struct Extras {
    bool acl = false;
    bool conditional = false;
  };

  Extras extras() const noexcept;
  std::vector<net::Header> headers(const BlobLabels& labels, Extras extras) const;
  std::optional<net::HttpReply> put_once(std::string_view name, const SharedBytes& bytes,
                                         const BlobLabels& labels, Extras extras);
  std::optional<net::HttpReply> put_parts(std::string_view name, const SharedBytes& bytes,
                                          const BlobLabels& labels, Extras extras);
  bool exists(std::string_view name) noexcept;
  bool give_up_an_extra(const net::HttpReply& reply, Extras used);
  void try_condition(const S3Call& stored);

  S3Client& client_;
  const std::string acl_;
  const std::uint64_t part_bytes_;
  std::atomic<bool> acl_refused_{false};
  std::atomic<bool> condition_refused_{false};
  std::atomic<bool> condition_tried_;
};

}  // namespace bhashatts::blob
