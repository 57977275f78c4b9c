// TLS over a socket that does not block. The server's certificate is always checked, down to the
// name of the host; there is no switch.
//
// Thread rule: a TlsContext may be used from any thread; a TlsSession belongs to one at a time.
#pragma once

#include <openssl/ssl.h>

#include <cstddef>
#include <memory>
#include <span>
#include <string>

namespace bhashatts::redis {

class TlsContext {
 public:
  // ca_file: PEM; empty: the system's authorities. Raises config_invalid for a file that holds
  // none.
  explicit TlsContext(const std::string& ca_file);

  SSL_CTX* get() const noexcept { return context_.get(); }

 private:
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_;
};

class TlsSession {
 public:
  // host: a name, or an address in numbers; what the certificate must be made out to.
  TlsSession(const TlsContext& context, int fd, const std::string& host);

  // Each gives what it moved (shake_hands: 1 when done), or 0 where the socket is to be waited for;
  // wants() then says for what. Raise unreachable.
  std::size_t shake_hands();
  std::size_t receive(std::span<std::byte> room);
  std::size_t send(std::span<const std::byte> bytes);
  short wants() const noexcept { return wants_; }  // POLLIN or POLLOUT
  // Nothing has come that is not TLS's own, an end neither.
  bool quiet();

 private:
  std::size_t moved(int result);

  std::unique_ptr<int> fd_;  // where it lies must not change: OpenSSL knows it
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_;
  short wants_ = 0;
};

}  // namespace bhashatts::redis
