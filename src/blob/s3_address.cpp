// What is signed is the Host header and the path that curl will send, so both are made here, once,
// in curl's own spelling: no default port, host in lower case. A bucket or a base path that another
// reader could understand differently (a '/', a '?', a "%2F") is refused instead of escaped.
#include "blob/s3_address.h"

#include <algorithm>

#include "blob/object_name.h"
#include "net/ascii.h"
#include "net/url.h"

namespace bhashatts::blob {
namespace {

[[noreturn]] void refuse(const std::string& message) {
  throw Error(ErrorCode::config_invalid, message);
}

[[noreturn]] void refuse_endpoint() {
  refuse(
      "AWS_S3_ENDPOINT_URL is no address of a server; give one like https://s3.example.org, "
      "without "
      "user, query or bucket");
}

// What names of buckets have ever been allowed to hold; whether there is such a one, the server
// says. A '/' or a '?' in it would sign one request and send another.
void refuse_bad_bucket(std::string_view bucket) {
  const auto fits = [](char c) { return net::is_alnum(c) || c == '-' || c == '.' || c == '_'; };
  const bool good = !bucket.empty() && bucket.size() <= 255 && net::is_alnum(bucket.front()) &&
                    std::all_of(bucket.begin(), bucket.end(), fits);
  if (!good) {
    refuse(
        "AWS_STORAGE_BUCKET_NAME is no name of a bucket; give its letters, digits, '-' and '.' "
        "alone, without an address");
  }
}

void refuse_bad_region(std::string_view region) {
  const auto fits = [](char c) { return net::is_alnum(c) || c == '-' || c == '_'; };
  if (region.size() <= 64 && std::all_of(region.begin(), region.end(), fits)) return;
  refuse("AWS_S3_REGION_NAME is no name of a region; give one like eu-central-1, or auto");
}

bool is_default_port(std::string_view scheme, std::string_view port) {
  return port == (scheme == "https" ? "443" : "80");
}

// curl sends no port in Host where it is the scheme's own, and the signature is over that header.
std::string without_default_port(const std::string& host, std::string_view scheme) {
  const auto colon = host.rfind(':');
  if (colon == std::string::npos || host.ends_with(']')) return host;
  return is_default_port(scheme, host.substr(colon + 1)) ? host.substr(0, colon) : host;
}

std::string_view name_of(std::string_view host) {
  return host.starts_with('[') ? host : host.substr(0, host.find(':'));
}

bool is_or_below(std::string_view name, std::string_view domain) {
  if (!name.ends_with(domain)) return false;
  return name.size() == domain.size() || name[name.size() - domain.size() - 1] == '.';
}

bool is_number(std::string_view name) {
  return name.starts_with('[') ||
         std::all_of(name.begin(), name.end(), [](char c) { return net::is_digit(c) || c == '.'; });
}

}  // namespace

S3Address::S3Address(const S3Options& options) : region_(options.region) {
  refuse_bad_bucket(options.bucket);
  refuse_bad_region(options.region);
  const bool decide = region_.empty() || region_ == "auto";
  read_endpoint(options);
  if (decide) region_ = is_r2_ ? "auto" : "us-east-1";
  if (by_host(options)) {
    host_ = options.bucket + "." + host_;
  } else {
    base_ += "/" + options.bucket;
  }
}

void S3Address::read_endpoint(const S3Options& options) {
  std::string endpoint = options.endpoint;
  if (endpoint.empty()) {
    const bool decide = region_.empty() || region_ == "auto";
    endpoint = "https://s3." + (decide ? std::string("us-east-1") : region_) + ".amazonaws.com";
  }
  const auto url = net::Url::parse(endpoint);
  if (!url || endpoint.find_first_of("?#@\\ ") != std::string::npos) refuse_endpoint();
  scheme_ = url->secure() ? "https" : "http";
  const auto begin = endpoint.find("://");
  if (begin == std::string::npos) refuse_endpoint();
  const std::string rest = endpoint.substr(begin + 3);
  const auto slash = std::min(rest.find('/'), rest.size());
  host_ = without_default_port(net::lowered(rest.substr(0, slash)), scheme_);
  base_ = rest.substr(slash);
  while (base_.ends_with('/')) base_.pop_back();
  if (percent_encoded(base_) != base_) refuse_endpoint();
  is_aws_ = is_or_below(name_of(host_), "amazonaws.com");
  is_r2_ = is_or_below(name_of(host_), "r2.cloudflarestorage.com");
}

// Amazon wants the bucket in the host's name. Its certificate is for one label before the domain,
// so a bucket with dots stays in the path; so does whatever else is not known to serve such names.
bool S3Address::by_host(const S3Options& options) const {
  const bool dots = options.bucket.find('.') != std::string::npos;
  switch (options.style) {
    case S3Options::Style::path: return false;
    case S3Options::Style::automatic: return is_aws_ && !(dots && scheme_ == "https");
    case S3Options::Style::virtual_host: break;
  }
  if (is_number(name_of(host_))) {
    refuse("a bucket cannot stand before a number in AWS_S3_ENDPOINT_URL; give the host's name");
  }
  return true;
}

std::string S3Address::path(std::string_view key) const {
  if (key.empty()) return base_.empty() ? "/" : base_;
  return base_ + "/" + percent_encoded(key);
}

}  // namespace bhashatts::blob
