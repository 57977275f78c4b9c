// OpenSSL's own socket BIO writes with write(2), which raises SIGPIPE in a program that did not ask
// for us; so the session sits on a BIO of ours, which sends with MSG_NOSIGNAL. Reading ahead is on:
// without it each record of 16 KB costs two recv, one of 5 bytes.
#include "redis/tls.h"

#include <arpa/inet.h>
#include <openssl/bio.h>
#include <openssl/err.h>
#include <openssl/x509v3.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <limits>
#include <new>

#include "bhashatts/error.h"

namespace bhashatts::redis {
namespace {

constexpr std::size_t kReadAhead = 65'536;

int fd_of(BIO* bio) { return *static_cast<const int*>(BIO_get_data(bio)); }

int result_of(BIO* bio, ssize_t moved, int retry_flags) {
  BIO_clear_retry_flags(bio);
  if (moved < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) BIO_set_flags(bio, retry_flags);
  return static_cast<int>(moved);
}

int bio_read(BIO* bio, char* to, int size) {
  ssize_t got = 0;
  do {
    got = ::recv(fd_of(bio), to, static_cast<std::size_t>(size), 0);
  } while (got < 0 && errno == EINTR);
  return result_of(bio, got, BIO_FLAGS_READ | BIO_FLAGS_SHOULD_RETRY);
}

int bio_write(BIO* bio, const char* from, int size) {
  ssize_t sent = 0;
  do {
    sent = ::send(fd_of(bio), from, static_cast<std::size_t>(size), MSG_NOSIGNAL);
  } while (sent < 0 && errno == EINTR);
  return result_of(bio, sent, BIO_FLAGS_WRITE | BIO_FLAGS_SHOULD_RETRY);
}

long bio_control(BIO* /*bio*/, int command, long /*number*/, void* /*pointer*/) {
  return command == BIO_CTRL_FLUSH ? 1 : 0;
}

BIO_METHOD* make_method() {
  BIO_METHOD* const method = BIO_meth_new(BIO_get_new_index() | BIO_TYPE_SOURCE_SINK, "socket");
  if (method == nullptr) throw std::bad_alloc();
  BIO_meth_set_read(method, bio_read);
  BIO_meth_set_write(method, bio_write);
  BIO_meth_set_ctrl(method, bio_control);
  return method;
}

// The socket, and its number, stay the caller's.
BIO* make_bio(int* fd) {
  static BIO_METHOD* const method = make_method();  // kept for ever: sessions may outlive statics
  BIO* const bio = BIO_new(method);
  if (bio == nullptr) throw std::bad_alloc();
  BIO_set_data(bio, fd);
  BIO_set_init(bio, 1);
  return bio;
}

std::string openssl_words() {
  std::array<char, 256> words{};
  ERR_error_string_n(ERR_peek_last_error(), words.data(), words.size());
  ERR_clear_error();
  return words.data();
}

bool is_number(const std::string& host) {
  std::array<unsigned char, sizeof(in6_addr)> ignored{};
  return ::inet_pton(AF_INET, host.c_str(), ignored.data()) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), ignored.data()) == 1;
}

// The name is asked for (SNI) and checked; numbers are only checked: SNI has none.
bool expect_host(SSL* ssl, const std::string& host) {
  if (is_number(host)) {
    return X509_VERIFY_PARAM_set1_ip_asc(SSL_get0_param(ssl), host.c_str()) == 1;
  }
  SSL_set_hostflags(ssl, X509_CHECK_FLAG_NO_PARTIAL_WILDCARDS);
  return SSL_set_tlsext_host_name(ssl, host.c_str()) == 1 && SSL_set1_host(ssl, host.c_str()) == 1;
}

Error failure_of(SSL* ssl, int kind) {
  const long verified = SSL_get_verify_result(ssl);
  if (verified != X509_V_OK) {
    ERR_clear_error();
    return Error(ErrorCode::unreachable,
                 "the certificate that Redis showed does not prove that it is the host of "
                 "REDIS_URL; check the host's name, the certificate and the CA file")
        .detailed(X509_verify_cert_error_string(verified));
  }
  const bool ended = kind == SSL_ERROR_ZERO_RETURN || ERR_peek_error() == 0;
  return Error(ErrorCode::unreachable, "the connection to Redis broke off", true)
      .detailed(ended ? "TLS: the server closed it" : "TLS: " + openssl_words());
}

int as_int(std::size_t size) {
  return static_cast<int>(
      std::min<std::size_t>(size, static_cast<std::size_t>(std::numeric_limits<int>::max())));
}

}  // namespace

TlsContext::TlsContext(const std::string& ca_file)
    : context_(SSL_CTX_new(TLS_client_method()), &SSL_CTX_free) {
  if (!context_) throw std::bad_alloc();
  SSL_CTX* const made = context_.get();
  SSL_CTX_set_min_proto_version(made, TLS1_2_VERSION);
  SSL_CTX_set_verify(made, SSL_VERIFY_PEER, nullptr);
  SSL_CTX_set_mode(made, SSL_MODE_ENABLE_PARTIAL_WRITE | SSL_MODE_ACCEPT_MOVING_WRITE_BUFFER);
  SSL_CTX_set_session_cache_mode(made, SSL_SESS_CACHE_OFF);
  SSL_CTX_set_read_ahead(made, 1);
  SSL_CTX_set_default_read_buffer_len(made, kReadAhead);
  const int trusted = ca_file.empty() ? SSL_CTX_set_default_verify_paths(made)
                                      : SSL_CTX_load_verify_file(made, ca_file.c_str());
  if (trusted == 1) return;
  throw Error(ErrorCode::config_invalid,
              "the CA file for Redis cannot be read, or holds no certificate in PEM form")
      .detailed(openssl_words());
}

TlsSession::TlsSession(const TlsContext& context, int fd, const std::string& host)
    : fd_(std::make_unique<int>(fd)), ssl_(SSL_new(context.get()), &SSL_free) {
  if (!ssl_) throw std::bad_alloc();
  BIO* const bio = make_bio(fd_.get());
  SSL_set_bio(ssl_.get(), bio, bio);
  SSL_set_connect_state(ssl_.get());
  if (!expect_host(ssl_.get(), host)) throw failure_of(ssl_.get(), SSL_ERROR_SSL);
}

std::size_t TlsSession::moved(int result) {
  if (result > 0) return static_cast<std::size_t>(result);
  const int kind = SSL_get_error(ssl_.get(), result);
  if (kind != SSL_ERROR_WANT_READ && kind != SSL_ERROR_WANT_WRITE) {
    throw failure_of(ssl_.get(), kind);
  }
  wants_ = kind == SSL_ERROR_WANT_READ ? POLLIN : POLLOUT;
  return 0;
}

// The error queue belongs to the thread, and may hold what others of the program left in it.
std::size_t TlsSession::shake_hands() {
  ERR_clear_error();
  return moved(SSL_do_handshake(ssl_.get()));
}

std::size_t TlsSession::receive(std::span<std::byte> room) {
  ERR_clear_error();
  return moved(SSL_read(ssl_.get(), room.data(), as_int(room.size())));
}

std::size_t TlsSession::send(std::span<const std::byte> bytes) {
  ERR_clear_error();
  return moved(SSL_write(ssl_.get(), bytes.data(), as_int(bytes.size())));
}

bool TlsSession::quiet() {
  char byte = 0;
  ERR_clear_error();
  const int got = SSL_peek(ssl_.get(), &byte, 1);
  const bool waits = got <= 0 && SSL_get_error(ssl_.get(), got) == SSL_ERROR_WANT_READ;
  ERR_clear_error();
  return waits;
}

}  // namespace bhashatts::redis
