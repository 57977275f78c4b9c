// A bhashatts.CacheTier of Python's. It keeps opaque values, whose checksum is compared here.
#include <algorithm>
#include <atomic>
#include <string>
#include <vector>

#include "adapters.h"
#include "audio.h"
#include "cache/entry_value.h"

namespace bhashatts::python {
namespace {

py::bytes value_of(const CacheEntry& entry, std::int64_t ttl_seconds) {
  const std::string front = cache::value_front(entry, ttl_seconds);
  const std::size_t size = front.size() + entry.audio.size();
  auto value = py::reinterpret_steal<py::bytes>(
      PyBytes_FromStringAndSize(nullptr, static_cast<Py_ssize_t>(size)));
  if (!value) throw py::error_already_set();
  char* to = PyBytes_AS_STRING(value.ptr());
  std::ranges::copy(entry.audio.chars(), std::ranges::copy(front, to).out);
  return value;
}

class PyTier final : public CacheTier {
 public:
  PyTier(py::object object, std::string name) : host_(std::move(object)), name_(std::move(name)) {}

  std::string name() const override { return name_; }

  std::optional<CacheEntry> get(const Key& key) override {
    const auto value = counted("the tier's get", [&]() -> std::optional<SharedBytes> {
      const py::object given = host_.call("get", key.hex());
      return given.is_none() ? std::nullopt : std::optional(bytes_of(given));
    });
    auto read = value ? cache::read_value(key, *value) : cache::ReadValue{};
    if (value && read.state != cache::Decoded::good) erase(key);
    const bool hit = value && read.state == cache::Decoded::good;
    ++(hit ? hits_ : misses_);
    return hit ? std::optional(std::move(read.entry)) : std::nullopt;
  }
  void put(const CacheEntry& entry, std::chrono::seconds ttl) override {
    const auto seconds = std::clamp<std::int64_t>(ttl.count(), 0, cache::kMaxTtlSeconds);
    counted("the tier's put", [&] {
      host_.call("put", entry.metadata->key.hex(), value_of(entry, seconds),
                 entry.metadata->language, seconds);
    });
  }
  void erase(const Key& key) override {
    counted("the tier's erase", [&] { host_.call("erase", key.hex()); });
  }
  std::int64_t clear(const CacheFilter& filter) override {
    return counted("the tier's clear", [&] {
      const py::object language =
          filter.language.empty() ? py::object(py::none()) : py::object(py::str(filter.language));
      return as<std::int64_t>(host_.call("clear", language, filter.count_only), "what it returns");
    });
  }
  CacheTierStats stats() override {
    CacheTierStats stats;
    stats.hits = hits_;
    stats.misses = misses_;
    stats.errors = errors_;
    return stats;
  }

 private:
  template <typename Call>
  auto counted(const char* what, const Call& call) -> decltype(call()) {
    try {
      return call_python(what, call);
    } catch (...) {
      ++errors_;
      throw;
    }
  }

  HostObject host_;
  const std::string name_;
  std::atomic<std::int64_t> hits_{0}, misses_{0}, errors_{0};
};

}  // namespace

std::shared_ptr<CacheTier> make_tier(py::object object) {
  auto name = object.attr("name").cast<std::string>();
  return std::make_shared<PyTier>(std::move(object), std::move(name));
}

}  // namespace bhashatts::python
