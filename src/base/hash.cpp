// SHA-256 comes from OpenSSL's EVP. A digest fetched anew for each key costs 1.1 us in OpenSSL 3
// (provider look-up), so it is fetched once a process; HMAC is two digests by RFC 2104, because
// EVP_MAC allocates four objects a key.
#include "base/hash.h"

#include <openssl/evp.h>

#define XXH_INLINE_ALL
#include <xxhash.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <new>

#include "bhashatts/error.h"

namespace bhashatts {
namespace {

constexpr std::size_t kBlock = 64;  // of SHA-256
constexpr std::size_t kDigest = 32;

const EVP_MD* sha256() {
  static const EVP_MD* const fetched = EVP_MD_fetch(nullptr, "SHA256", nullptr);
  return fetched != nullptr ? fetched : EVP_sha256();
}

using Context = std::unique_ptr<EVP_MD_CTX, decltype(&EVP_MD_CTX_free)>;

Context make_context() {
  Context context(EVP_MD_CTX_new(), &EVP_MD_CTX_free);
  if (!context || EVP_DigestInit_ex(context.get(), sha256(), nullptr) != 1) throw std::bad_alloc();
  return context;
}

std::array<unsigned char, kDigest> finish_digest(EVP_MD_CTX* context) {
  std::array<unsigned char, kDigest> digest{};
  EVP_DigestFinal_ex(context, digest.data(), nullptr);
  return digest;
}

// RFC 2104: a secret longer than a block is hashed first.
std::array<unsigned char, kBlock> padded_secret(std::string_view secret) {
  std::array<unsigned char, kBlock> block{};
  if (secret.size() <= kBlock) {
    std::copy(secret.begin(), secret.end(), block.begin());
    return block;
  }
  const Context context = make_context();
  EVP_DigestUpdate(context.get(), secret.data(), secret.size());
  const auto digest = finish_digest(context.get());
  std::copy(digest.begin(), digest.end(), block.begin());
  return block;
}

std::array<unsigned char, kBlock> xored(std::array<unsigned char, kBlock> block,
                                        unsigned char with) {
  for (auto& byte : block) byte ^= with;
  return block;
}

}  // namespace

std::uint64_t xxh3_64(std::span<const std::byte> bytes) noexcept {
  return XXH3_64bits(bytes.data(), bytes.size());
}

std::uint64_t xxh3_64(std::string_view chars) noexcept {
  return XXH3_64bits(chars.data(), chars.size());
}

Sha256 sha256(std::string_view bytes) {
  const Context context = make_context();
  EVP_DigestUpdate(context.get(), bytes.data(), bytes.size());
  return finish_digest(context.get());
}

Sha256 hmac_sha256(std::string_view secret, std::string_view bytes) {
  const auto padded = padded_secret(secret);
  const Context context = make_context();
  EVP_DigestUpdate(context.get(), xored(padded, 0x36U).data(), kBlock);
  EVP_DigestUpdate(context.get(), bytes.data(), bytes.size());
  const Sha256 inner = finish_digest(context.get());
  EVP_DigestInit_ex(context.get(), nullptr, nullptr);
  EVP_DigestUpdate(context.get(), xored(padded, 0x5cU).data(), kBlock);
  EVP_DigestUpdate(context.get(), inner.data(), inner.size());
  return finish_digest(context.get());
}

namespace {

std::string digits_of(std::span<const unsigned char> bytes) {
  constexpr std::string_view kDigits = "0123456789abcdef";
  std::string text;
  for (const unsigned char byte : bytes) {
    text += kDigits[byte >> 4U];
    text += kDigits[byte & 15U];
  }
  return text;
}

}  // namespace

std::string hex(const Sha256& digest) { return digits_of(digest); }

std::string md5_hex(std::string_view bytes) {
  std::array<unsigned char, 16> digest{};
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), nullptr, EVP_md5(), nullptr) != 1) {
    throw Error(ErrorCode::not_supported,
                "this OpenSSL computes no MD5, by which the guide names its audio; import on a "
                "machine that is not in FIPS mode");
  }
  return digits_of(digest);
}

struct KeyHasher::State {
  Context inner = make_context();
  bool keyed = false;
  std::array<unsigned char, kBlock> secret{};
};

KeyHasher::KeyHasher(std::string_view secret) : state_(std::make_unique<State>()) {
  if (secret.empty()) return;
  state_->keyed = true;
  state_->secret = padded_secret(secret);
  auto block = state_->secret;
  for (auto& byte : block) byte ^= 0x36U;
  EVP_DigestUpdate(state_->inner.get(), block.data(), block.size());
}

KeyHasher::~KeyHasher() = default;

KeyHasher& KeyHasher::field(std::string_view bytes) {
  const auto size = static_cast<std::uint32_t>(bytes.size());
  const std::array<unsigned char, 4> prefix{
      static_cast<unsigned char>(size >> 24U), static_cast<unsigned char>(size >> 16U),
      static_cast<unsigned char>(size >> 8U), static_cast<unsigned char>(size)};
  EVP_DigestUpdate(state_->inner.get(), prefix.data(), prefix.size());
  EVP_DigestUpdate(state_->inner.get(), bytes.data(), bytes.size());
  return *this;
}

KeyHasher& KeyHasher::field(std::int64_t number) {
  std::array<char, 24> digits{};
  const auto end = std::to_chars(digits.data(), digits.data() + digits.size(), number).ptr;
  return field(std::string_view(digits.data(), static_cast<std::size_t>(end - digits.data())));
}

Key KeyHasher::finish() {
  auto digest = finish_digest(state_->inner.get());
  if (state_->keyed) {
    auto block = state_->secret;
    for (auto& byte : block) byte ^= 0x5cU;
    const Context outer = make_context();
    EVP_DigestUpdate(outer.get(), block.data(), block.size());
    EVP_DigestUpdate(outer.get(), digest.data(), digest.size());
    digest = finish_digest(outer.get());
  }
  Key key;
  std::copy_n(digest.begin(), key.bytes.size(), key.bytes.begin());
  return key;
}

}  // namespace bhashatts
