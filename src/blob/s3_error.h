// What a reply that is no success means, and whether it may go away by itself.
//
// Thread rule: pure functions.
#pragma once

#include <string>
#include <string_view>

#include "bhashatts/error.h"
#include "blob/s3_xml.h"
#include "net/http.h"

namespace bhashatts::blob {

enum class S3Fault {
  none,       // an answer, good or bad
  transient,  // the same request may succeed in a moment
  throttled,  // it may, once less is asked
};

// 409 is transient: two wrote one name at the same moment.
S3Fault fault_of(const net::HttpReply& reply);

// The code of the <Error> in the body; empty where there is none.
std::string code_of(const net::HttpReply& reply);

// Whether a wrong clock may be behind it. HEAD has no body to say so: any refusal may.
bool may_be_skew(const net::HttpReply& reply);

// One that a person can act upon. rights: what the key must be allowed to do, "s3:GetObject".
// secret: taken out of detail(). Codes: storage_failed, storage_full.
Error error_of(const net::HttpReply& reply, std::string_view rights, std::string_view secret);
// The same of one object among those that a call was about.
Error error_of(const S3Trouble& trouble, std::string_view rights, std::string_view secret);

// No reply came.
Error error_of(const net::TransportError& failure);

}  // namespace bhashatts::blob
