// Bytes that many may hold and nobody changes: audio on its way out, without a copy.
//
// Thread rule: a SharedBytes is a value; distinct copies may be used from distinct threads, and the
// bytes behind it never change. They stay readable for as long as one copy lives, also when the
// file that they are mapped from has been evicted.
#pragma once

#include <cstddef>
#include <memory>
#include <span>
#include <string_view>
#include <utility>

namespace bhashatts {

class SharedBytes {
 public:
  SharedBytes() = default;

  // owner keeps [data, data + size) alive and unchanged.
  SharedBytes(const std::byte* data, std::size_t size, std::shared_ptr<const void> owner)
      : data_(data), size_(size), owner_(std::move(owner)) {}

  // Takes over a container of bytes (std::string, std::vector<std::byte>, ...).
  template <typename Container>
  static SharedBytes adopt(Container bytes) {
    auto owner = std::make_shared<const Container>(std::move(bytes));
    const auto view = std::as_bytes(std::span(*owner));
    return SharedBytes(view.data(), view.size(), std::move(owner));
  }

  const std::byte* data() const noexcept { return data_; }
  std::size_t size() const noexcept { return size_; }
  bool empty() const noexcept { return size_ == 0; }
  std::span<const std::byte> span() const noexcept { return {data_, size_}; }

  // The same bytes as characters, for the many interfaces that want them so.
  std::string_view chars() const noexcept { return {reinterpret_cast<const char*>(data_), size_}; }

 private:
  const std::byte* data_ = nullptr;
  std::size_t size_ = 0;
  std::shared_ptr<const void> owner_;
};

}  // namespace bhashatts
