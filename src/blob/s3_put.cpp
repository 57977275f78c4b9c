// The condition If-None-Match: * is the whole of first-writer-wins; a HEAD before each PUT would
// cost a round trip and still lose races. Two things it does not settle: a store that is throttling
// writes of this one name (R2: one a second), where most likely another writer is at it, and an
// answer that was lost. In both a look (HEAD) comes before the bytes are sent again.
//
// A server that takes the header and does not heed it says nothing, so at servers that are not
// known to heed it the first object that is stored is put a second time: 412 is as it should be,
// and a success (of the same bytes) tells that from now on HEAD must come first.
#include "blob/s3_put.h"

#include "base/log.h"
#include "blob/s3_multipart.h"
#include "blob/s3_xml.h"
#include "net/ascii.h"

namespace bhashatts::blob {
namespace {

constexpr std::uint64_t kLeastPart = std::uint64_t{5} << 20;  // of all but the last, says S3
constexpr std::uint64_t kMostPart = std::uint64_t{5} << 30;
constexpr std::string_view kRights = "s3:PutObject";
constexpr PatienceTerms kOneNameTerms{.least_when_throttled = std::chrono::milliseconds(1'000)};

bool is_conflict(const net::HttpReply& reply) { return reply.status == 409; }

// What the words of a refusal are about.
bool mentions(std::string_view words, std::initializer_list<std::string_view> any_of) {
  for (const auto word : any_of) {
    if (words.find(word) != std::string_view::npos) return true;
  }
  return false;
}

void warn(std::atomic<bool>& once, const char* message) {
  if (!once.exchange(true)) log(LogLevel::warning, "blob.s3", message);
}

}  // namespace

S3Writer::S3Writer(S3Client& client, const S3Options& options)
    : client_(client),
      acl_(options.acl),
      part_bytes_(options.part_bytes),
      condition_tried_(client.address().known_to_be_conditional()) {
  if (part_bytes_ < kLeastPart || part_bytes_ > kMostPart) {
    throw Error(ErrorCode::config_invalid, "parts of an upload must be of 5 MiB to 5 GiB");
  }
  if (!acl_.empty() && !net::is_token(acl_)) {
    throw Error(ErrorCode::config_invalid,
                "AWS_DEFAULT_ACL is no canned ACL; give one like public-read, or leave it empty");
  }
}

PutOutcome S3Writer::put_if_absent(std::string_view name, const SharedBytes& bytes,
                                   const BlobLabels& labels) {
  const bool big = bytes.size() > part_bytes_;
  Patience conflicts = client_.patience();
  for (;;) {
    const Extras used = extras();
    // Without a condition it must be known; with one a look only spares an upload in parts.
    const bool there = used.conditional ? big && exists(name) : client_.info_of(name).has_value();
    if (there) return PutOutcome::already_there;
    const auto reply =
        big ? put_parts(name, bytes, labels, used) : put_once(name, bytes, labels, used);
    if (!reply || reply->status == 412) return PutOutcome::already_there;
    if (reply->ok()) return PutOutcome::stored;
    if (give_up_an_extra(*reply, used)) continue;
    const bool again = big && is_conflict(*reply) && conflicts.again(S3Fault::transient, {});
    if (!again) throw client_.error(*reply, {.rights = kRights});
  }
}

S3Writer::Extras S3Writer::extras() const noexcept {
  return {.acl = !acl_.empty() && !acl_refused_, .conditional = !condition_refused_};
}

std::vector<net::Header> S3Writer::headers(const BlobLabels& labels, Extras extras) const {
  const bool typed = !labels.media_type.empty();
  std::vector<net::Header> headers{
      {"Content-Type", typed ? labels.media_type : "application/octet-stream"},
      {"Cache-Control", "public, max-age=31536000, immutable"}};
  if (!labels.identity.empty()) headers.push_back({"x-amz-meta-identity", labels.identity});
  if (labels.duration_ms > 0) {
    headers.push_back({"x-amz-meta-duration-ms", std::to_string(labels.duration_ms)});
  }
  if (extras.acl) headers.push_back({"x-amz-acl", acl_});
  return headers;
}

std::optional<net::HttpReply> S3Writer::put_once(std::string_view name, const SharedBytes& bytes,
                                                 const BlobLabels& labels, Extras extras) {
  S3Call call{.method = "PUT",
              .key = name,
              .headers = headers(labels, extras),
              .body = bytes.chars(),
              .rights = kRights,
              .patience = kOneNameTerms};
  if (extras.conditional) call.headers.push_back({"If-None-Match", "*"});
  auto reply = client_.send_unless([&] { return exists(name); }, call);
  if (reply && reply->ok() && extras.conditional) try_condition(call);
  return reply;
}

std::optional<net::HttpReply> S3Writer::put_parts(std::string_view name, const SharedBytes& bytes,
                                                  const BlobLabels& labels, Extras extras) {
  S3Upload upload(client_, name);
  auto reply = upload.run(headers(labels, extras), bytes.chars(), part_bytes_, extras.conditional);
  // The first attempt to complete it succeeded, and its answer was lost.
  if (reply.status == 404 && exists(name)) return std::nullopt;
  return reply;
}

// Where it cannot be told, the bytes are sent again: the condition guards what is there.
bool S3Writer::exists(std::string_view name) noexcept {
  try {
    return client_.info_of(name, {.max_attempts = 1}).has_value();
  } catch (...) {
    return false;
  }
}

// Whether to try again without one of the headers that the request had. Where the server does not
// say which one it refused, the ACL goes first: it is the one that servers refuse.
bool S3Writer::give_up_an_extra(const net::HttpReply& reply, Extras used) {
  const S3Trouble trouble = parse_error(reply.body).value_or(S3Trouble{});
  const bool no_acls = trouble.code == "AccessControlListNotSupported";
  if (reply.status != 501 && trouble.code != "NotImplemented" && !no_acls) return false;
  const std::string words = net::lowered(trouble.message);
  const bool means_condition = mentions(words, {"if-none-match", "conditional", "precondition"});
  if (used.acl && !(means_condition && used.conditional)) {
    warn(acl_refused_,
         "the object store refuses x-amz-acl; it is not sent any more: unset AWS_DEFAULT_ACL");
    return true;
  }
  if (!used.conditional || no_acls) return false;
  warn(
      condition_refused_,
      "the object store refuses If-None-Match; each object is looked for before it is put, and two "
      "writers at once may both put theirs");
  return true;
}

// stored: the call that put the object.
void S3Writer::try_condition(const S3Call& stored) {
  if (condition_tried_.exchange(true)) return;
  S3Call again = stored;
  again.patience.max_attempts = 1;
  try {
    if (!client_.send(again).ok()) return;
  } catch (const Error&) {
    return;  // nothing was learnt
  }
  warn(condition_refused_,
       "the object store does not heed If-None-Match; each object is looked for before it is put, "
       "and two writers at once may both put theirs");
}

}  // namespace bhashatts::blob
