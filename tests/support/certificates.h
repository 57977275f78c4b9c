// An authority for certificates, and what it issues, as files for a real server and its clients.
//
// Thread rule: one thread.
#pragma once

#include <openssl/x509.h>

#include <filesystem>
#include <memory>
#include <string>

namespace bhashatts::testing {

class CertificateAuthority {
 public:
  struct Issued {
    std::filesystem::path certificate;
    std::filesystem::path key;
  };

  // Writes into `directory`, which is the caller's.
  explicit CertificateAuthority(std::filesystem::path directory);

  const std::filesystem::path& file() const { return file_; }
  // subject: as OpenSSL writes an alternative name, "DNS:localhost" or "IP:127.0.0.1". Valid from
  // an hour before `ends`, in seconds from now; below zero: it is over already.
  Issued issue(const std::string& subject, long ends = 3'600) const;

 private:
  using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
  using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

  Certificate sign(EVP_PKEY* key, const std::string& name, long ends) const;

  const std::filesystem::path directory_;
  const std::filesystem::path file_;
  Key key_;
};

}  // namespace bhashatts::testing
