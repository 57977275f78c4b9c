#include "tests/support/certificates.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>

#include <cstdio>
#include <stdexcept>
#include <utility>

namespace bhashatts::testing {
namespace {

using File = std::unique_ptr<std::FILE, decltype(&std::fclose)>;

constexpr const char* kAuthority = "An authority for tests";

void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("certificates: cannot ") + what);
}

void name_it(X509_NAME* name, const std::string& text) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(text.c_str());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC, bytes, -1, -1, 0);
}

void extend(X509* certificate, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
      X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()), &X509_EXTENSION_free);
  require(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "extend");
}

File open_for_writing(const std::filesystem::path& path) {
  File file(std::fopen(path.c_str(), "w"), &std::fclose);
  require(file != nullptr, "open a file");
  return file;
}

void write(const std::filesystem::path& path, X509* certificate) {
  require(PEM_write_X509(open_for_writing(path).get(), certificate) == 1, "write");
}

void write(const std::filesystem::path& path, EVP_PKEY* key) {
  const File file = open_for_writing(path);
  require(PEM_write_PrivateKey(file.get(), key, nullptr, nullptr, 0, nullptr, nullptr) == 1,
          "write");
}

}  // namespace

CertificateAuthority::CertificateAuthority(std::filesystem::path directory)
    : directory_(std::move(directory)),
      file_(directory_ / "authority.pem"),
      key_(EVP_EC_gen("P-256"), &EVP_PKEY_free) {
  require(key_ != nullptr, "make a key");
  write(file_, sign(key_.get(), {}, 3'600).get());
}

// subject: empty for the authority's own.
CertificateAuthority::Certificate CertificateAuthority::sign(EVP_PKEY* key,
                                                             const std::string& subject,
                                                             long ends) const {
  Certificate certificate(X509_new(), &X509_free);
  X509* const made = certificate.get();
  X509_set_version(made, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(made), subject.empty() ? 1 : 2);
  X509_gmtime_adj(X509_getm_notBefore(made), ends - 7'200);
  X509_gmtime_adj(X509_getm_notAfter(made), ends);
  X509_set_pubkey(made, key);
  name_it(X509_get_subject_name(made), subject.empty() ? kAuthority : "a server for tests");
  name_it(X509_get_issuer_name(made), kAuthority);
  extend(made, NID_basic_constraints, subject.empty() ? "critical,CA:TRUE" : "CA:FALSE");
  if (!subject.empty()) extend(made, NID_subject_alt_name, subject);
  require(X509_sign(made, key_.get(), EVP_sha256()) > 0, "sign");
  return certificate;
}

CertificateAuthority::Issued CertificateAuthority::issue(const std::string& subject,
                                                         long ends) const {
  const Key key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  require(key != nullptr, "make a key");
  Issued issued{directory_ / "server.pem", directory_ / "server.key"};
  write(issued.certificate, sign(key.get(), subject, ends).get());
  write(issued.key, key.get());
  return issued;
}

}  // namespace bhashatts::testing
