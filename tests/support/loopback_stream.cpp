// Sockets block: who wants to end a wait calls interrupt(), which shuts the socket down. An
// orderly close shuts down too, so that the other side sees the end even while a forked child of
// the test holds a copy of the descriptor.
#include "tests/support/loopback_stream.h"

#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>

#include <array>
#include <cstdio>
#include <stdexcept>
#include <utility>

namespace bhashatts::testing {
namespace {

using Key = std::unique_ptr<EVP_PKEY, decltype(&EVP_PKEY_free)>;
using Certificate = std::unique_ptr<X509, decltype(&X509_free)>;

void require(bool done, const char* what) {
  if (!done) throw std::runtime_error(std::string("loopback TLS: cannot ") + what);
}

std::string alternative_names(const std::string& name) {
  const bool local = name == "127.0.0.1" || name == "localhost";
  return local ? "DNS:localhost,IP:127.0.0.1" : "DNS:" + name;
}

void extend(X509* certificate, int nid, const std::string& value) {
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, certificate, certificate, nullptr, nullptr, 0);
  const std::unique_ptr<X509_EXTENSION, decltype(&X509_EXTENSION_free)> extension(
      X509V3_EXT_conf_nid(nullptr, &context, nid, value.c_str()), &X509_EXTENSION_free);
  require(extension && X509_add_ext(certificate, extension.get(), -1) == 1, "extend");
}

Certificate self_signed(EVP_PKEY* key, const std::string& name) {
  Certificate certificate(X509_new(), &X509_free);
  X509* const made = certificate.get();
  X509_set_version(made, 2);
  ASN1_INTEGER_set(X509_get_serialNumber(made), 1);
  X509_gmtime_adj(X509_getm_notBefore(made), -60);
  X509_gmtime_adj(X509_getm_notAfter(made), 3'600);
  X509_set_pubkey(made, key);
  const auto* text = reinterpret_cast<const unsigned char*>(name.c_str());
  X509_NAME_add_entry_by_txt(X509_get_subject_name(made), "CN", MBSTRING_ASC, text, -1, -1, 0);
  X509_set_issuer_name(made, X509_get_subject_name(made));
  extend(made, NID_basic_constraints, "critical,CA:TRUE");
  extend(made, NID_key_usage, "critical,digitalSignature,keyCertSign");
  extend(made, NID_subject_key_identifier, "hash");
  extend(made, NID_subject_alt_name, alternative_names(name));
  require(X509_sign(made, key, EVP_sha256()) > 0, "sign");
  return certificate;
}

void write_pem(X509* certificate, const std::filesystem::path& file) {
  const std::unique_ptr<std::FILE, decltype(&std::fclose)> out(std::fopen(file.c_str(), "w"),
                                                               &std::fclose);
  require(out && PEM_write_X509(out.get(), certificate) == 1, "write the certificate");
}

}  // namespace

LoopbackTls::LoopbackTls(const std::string& name, const std::filesystem::path& certificate_file)
    : context_(SSL_CTX_new(TLS_server_method()), &SSL_CTX_free) {
  const Key key(EVP_EC_gen("P-256"), &EVP_PKEY_free);
  require(key && context_, "make a key");
  const Certificate certificate = self_signed(key.get(), name);
  require(SSL_CTX_use_certificate(context_.get(), certificate.get()) == 1, "use the certificate");
  require(SSL_CTX_use_PrivateKey(context_.get(), key.get()) == 1, "use the key");
  write_pem(certificate.get(), certificate_file);
}

LoopbackStream::LoopbackStream(UniqueFd fd, const LoopbackTls* tls) : fd_(std::move(fd)) {
  if (tls == nullptr) return;
  ssl_.reset(SSL_new(tls->context()));
  SSL_set_fd(ssl_.get(), fd_.get());
}

bool LoopbackStream::handshake() { return !ssl_ || SSL_accept(ssl_.get()) == 1; }

bool LoopbackStream::read(std::string& to) {
  std::array<char, 16'384> buffer;
  const auto got = ssl_ ? SSL_read(ssl_.get(), buffer.data(), static_cast<int>(buffer.size()))
                        : ::recv(fd_.get(), buffer.data(), buffer.size(), 0);
  if (got <= 0) return false;
  to.append(buffer.data(), static_cast<std::size_t>(got));
  return true;
}

bool LoopbackStream::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const auto sent = ssl_ ? SSL_write(ssl_.get(), bytes.data(), static_cast<int>(bytes.size()))
                           : ::send(fd_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL);
    if (sent <= 0) return false;
    bytes.remove_prefix(static_cast<std::size_t>(sent));
  }
  return true;
}

bool LoopbackStream::peer_leaves_within(std::chrono::milliseconds time) const {
  pollfd wanted{fd_.get(), POLLRDHUP, 0};
  return ::poll(&wanted, 1, static_cast<int>(time.count())) > 0;
}

void LoopbackStream::wait_until_peer_leaves() const {
  while (!peer_leaves_within(std::chrono::minutes(1))) {
  }
}

void LoopbackStream::close() {
  if (ssl_) SSL_shutdown(ssl_.get());
  ::shutdown(fd_.get(), SHUT_RDWR);
}

void LoopbackStream::reset() {
  const linger at_once{1, 0};
  ::setsockopt(fd_.get(), SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
  ssl_.reset();  // it knows the descriptor's number, which will soon be another's
  fd_.reset();
}

void LoopbackStream::interrupt() const noexcept {
  if (fd_.valid()) ::shutdown(fd_.get(), SHUT_RDWR);
}

}  // namespace bhashatts::testing
