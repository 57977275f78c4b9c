// The members of the seam, each one call (or one a page, or one a thousand names). get() asks
// nothing before it asks for the object, and hands on the buffer that the answer was read into.
#include "blob/s3_store.h"

#include <openssl/evp.h>

#include <algorithm>
#include <array>
#include <utility>

#include "blob/object_name.h"
#include "blob/s3_client.h"
#include "blob/s3_error.h"
#include "blob/s3_put.h"
#include "blob/s3_xml.h"
#include "net/url.h"

namespace bhashatts::blob {
namespace {

constexpr std::size_t kMostObject = std::size_t{512} << 20;
constexpr std::size_t kMostNamesOfRemoval = 1'000;  // says S3
constexpr std::chrono::seconds kLongestLifetime{7 * 86'400};
constexpr std::string_view kLookedFor = ".bhashatts-check";
constexpr std::string_view kReading = "s3:GetObject";
constexpr std::string_view kRemoving = "s3:DeleteObject";

// An empty name would be the bucket itself.
void refuse_no_name(std::string_view name) {
  if (!name.empty() && name.size() <= 1'024) return;
  throw Error(ErrorCode::bad_request, "a name of an object has 1 to 1,024 bytes");
}

// Proves to the server that the list of names came whole: it demands this header, or one of the
// newer checksums, which not all servers know.
std::string content_md5(std::string_view body) {
  std::array<unsigned char, 16> digest{};
  if (EVP_Digest(body.data(), body.size(), digest.data(), nullptr, EVP_md5(), nullptr) != 1) {
    throw Error(ErrorCode::internal,
                "MD5, which removing from S3 needs, is switched off in OpenSSL");
  }
  std::array<unsigned char, 25> text{};
  EVP_EncodeBlock(text.data(), digest.data(), static_cast<int>(digest.size()));
  return std::string(reinterpret_cast<const char*>(text.data()), text.size() - 1);
}

// "https://cdn.example.org", whether or not the setting says how it is reached.
std::string url_of_domain(const std::string& domain) {
  if (domain.empty()) return {};
  std::string url = domain.find("://") == std::string::npos ? "https://" + domain : domain;
  while (url.ends_with('/')) url.pop_back();
  if (net::Url::parse(url) && url.find_first_of("?#@ ") == std::string::npos) return url;
  throw Error(ErrorCode::config_invalid,
              "AWS_S3_CUSTOM_DOMAIN is no name of a host; give one like cdn.example.org");
}

void refuse_bad_times(const S3Options& options) {
  if (options.timeout.count() <= 0) {
    throw Error(ErrorCode::config_invalid, "a call to the object store needs time");
  }
  if (options.url_lifetime.count() < 1 || options.url_lifetime > kLongestLifetime) {
    throw Error(ErrorCode::config_invalid, "a signed URL lives for 1 second to 7 days");
  }
}

// Not every 404: whatever else answers at a wrong address (or a bucket that is not there) would
// pass for an object that is missing, and what is missing is paid for.
bool is_absent(const net::HttpReply& reply) {
  if (reply.status != 404) return false;
  const std::string code = code_of(reply);
  return code == "NoSuchKey" || code == "NotFound" || reply.body.empty();
}

class Store final : public S3Store {
 public:
  Store(const S3Options& options, std::shared_ptr<net::Transport> transport,
        const S3Surroundings& around)
      : client_(options, std::move(transport), around),
        writer_(client_, options),
        domain_url_(url_of_domain(options.custom_domain)),
        sign_urls_(options.sign_urls),
        url_lifetime_(options.url_lifetime) {
    refuse_bad_times(options);
  }

  std::optional<SharedBytes> get(std::string_view name) override {
    refuse_no_name(name);
    const S3Call call{
        .method = "GET", .key = name, .rights = kReading, .max_response_bytes = kMostObject};
    net::HttpReply reply = client_.send(call);
    if (is_absent(reply)) return std::nullopt;
    if (reply.status != 200) throw client_.error(reply, call);
    return SharedBytes::adopt(std::move(reply.body));
  }

  PutOutcome put_if_absent(std::string_view name, const SharedBytes& bytes,
                           const BlobLabels& labels) override {
    refuse_bad_name(name);
    return writer_.put_if_absent(name, bytes, labels);
  }

  std::optional<BlobInfo> info(std::string_view name) override {
    refuse_no_name(name);
    return client_.info_of(name);
  }

  void remove(std::string_view name) override {
    refuse_no_name(name);
    const S3Call call{.method = "DELETE", .key = name, .rights = kRemoving};
    const net::HttpReply reply = client_.send(call);
    if (!reply.ok() && !is_absent(reply)) throw client_.error(reply, call);
  }

  void remove_all(std::span<const std::string> names) override {
    std::for_each(names.begin(), names.end(), refuse_no_name);
    std::optional<Error> trouble;
    for (std::size_t at = 0; at < names.size(); at += kMostNamesOfRemoval) {
      const auto some = names.subspan(at, std::min(kMostNamesOfRemoval, names.size() - at));
      try {
        remove_some(some);
      } catch (const Error& error) {
        if (!trouble) trouble = error;
      }
    }
    if (trouble) throw Error(*std::move(trouble));
  }

  void list(std::string_view prefix, const std::function<bool(const BlobInfo&)>& visit) override {
    std::string token;
    for (;;) {
      S3Page page = page_of(prefix, token);
      for (const BlobInfo& object : page.objects) {
        if (object.name.starts_with(prefix) && !visit(object)) return;
      }
      if (page.next_token.empty()) return;
      if (page.next_token == token) {
        throw Error(ErrorCode::storage_failed, "the object store lists the same objects for ever");
      }
      token = std::move(page.next_token);
    }
  }

  std::string url(std::string_view name) const override {
    refuse_no_name(name);
    if (!domain_url_.empty()) return domain_url_ + "/" + percent_encoded(name);
    return sign_urls_ ? client_.presigned_url(name, url_lifetime_) : client_.url(name);
  }

  std::optional<std::string> local_path(std::string_view /*name*/) const override {
    return std::nullopt;
  }

  // An object that is not there: a read of it costs a tenth of a list, asks for no right that the
  // store does without, and unlike HEAD says in words what is wrong.
  void check() override {
    const S3Call call{.method = "GET", .key = kLookedFor, .rights = kReading};
    const net::HttpReply reply = client_.send(call);
    if (!reply.ok() && !is_absent(reply)) throw client_.error(reply, call);
  }

 private:
  S3Page page_of(std::string_view prefix, const std::string& token) {
    S3Call call{.method = "GET",
                .query = {{"list-type", "2"}, {"prefix", std::string(prefix)}},
                .rights = "s3:ListBucket"};
    if (!token.empty()) call.query.emplace_back("continuation-token", token);
    const net::HttpReply reply = client_.send(call);
    if (!reply.ok()) throw client_.error(reply, call);
    return parse_page(reply.body);
  }

  void remove_some(std::span<const std::string> names) {
    const std::string body = removal_xml(names);
    const S3Call call{
        .method = "POST",
        .query = {{"delete", ""}},
        .headers = {{"Content-Type", "application/xml"}, {"Content-MD5", content_md5(body)}},
        .body = body,
        .rights = kRemoving};
    const net::HttpReply reply = client_.send(call);
    if (reply.status == 501 || reply.status == 405) return BlobStore::remove_all(names);
    if (!reply.ok()) throw client_.error(reply, call);
    raise_first(parse_removal(reply.body), call);
  }

  // Of what could not be removed; an object that was not there is removed well enough.
  void raise_first(const std::vector<S3Trouble>& troubles, const S3Call& call) {
    const auto real = [](const S3Trouble& trouble) { return trouble.code != "NoSuchKey"; };
    const auto first = std::find_if(troubles.begin(), troubles.end(), real);
    if (first == troubles.end()) return;
    throw client_.error(*first, call);
  }

  S3Client client_;
  S3Writer writer_;
  const std::string domain_url_;
  const bool sign_urls_;
  const std::chrono::seconds url_lifetime_;
};

}  // namespace

std::shared_ptr<S3Store> make_s3_store(const S3Options& options,
                                       std::shared_ptr<net::Transport> transport,
                                       const S3Surroundings& around) {
  return std::make_shared<Store>(options, std::move(transport), around);
}

}  // namespace bhashatts::blob
