// One connection as the loopback server sees it, plain or TLS, and the server's TLS identity.
//
// Thread rule: a stream belongs to one thread, but interrupt() may be called from any while it
// lives; a LoopbackTls may be used from any thread.
#pragma once

#include <openssl/ssl.h>

#include <chrono>
#include <cstddef>
#include <filesystem>
#include <memory>
#include <string>
#include <string_view>

#include "base/fd.h"

namespace bhashatts::testing {

// A fresh P-256 key and a certificate that it signed itself, valid for an hour.
class LoopbackTls {
 public:
  // name: the host that it is made out to; "127.0.0.1" and "localhost" stand for both. The
  // certificate is written to `certificate_file` as PEM, for clients to trust.
  LoopbackTls(const std::string& name, const std::filesystem::path& certificate_file);

  SSL_CTX* context() const { return context_.get(); }

 private:
  std::unique_ptr<SSL_CTX, decltype(&SSL_CTX_free)> context_{nullptr, &SSL_CTX_free};
};

class LoopbackStream {
 public:
  // tls: null for a plain connection.
  LoopbackStream(UniqueFd fd, const LoopbackTls* tls);

  bool handshake();  // true at once for a plain connection
  // Appends what there is; false at the end of the stream.
  bool read(std::string& to);
  bool write(std::string_view bytes);
  // Waits; true when the other side has left, or after interrupt().
  bool peer_leaves_within(std::chrono::milliseconds time) const;
  void wait_until_peer_leaves() const;

  void close();                     // in order: the other side sees an end
  void reset();                     // the other side sees ECONNRESET
  void interrupt() const noexcept;  // every wait and read ends

 private:
  UniqueFd fd_;
  std::unique_ptr<SSL, decltype(&SSL_free)> ssl_{nullptr, &SSL_free};
};

}  // namespace bhashatts::testing
