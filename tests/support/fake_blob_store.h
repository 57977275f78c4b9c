// A blob store in memory that can be told to refuse, and tells what was put.
//
// Thread rule: any thread.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <vector>

#include "bhashatts/blob_store.h"
#include "bhashatts/error.h"

namespace bhashatts::testing {

class FakeBlobStore : public BlobStore {
 public:
  std::atomic<bool> refuses_puts{false};
  std::atomic<bool> refuses_all{false};
  std::atomic<bool> knows_all{false};  // info says yes to every name
  std::atomic<int> puts{0};            // calls, refused ones too
  // Called first in every put, without a lock; may wait, and may raise. Set before it is used.
  std::function<void(std::string_view name)> before_put;

  std::optional<SharedBytes> get(std::string_view name) override {
    const std::lock_guard lock(answer());
    const auto found = objects_.find(name);
    return found == objects_.end() ? std::nullopt : std::optional(found->second);
  }
  PutOutcome put_if_absent(std::string_view name, const SharedBytes& bytes,
                           const BlobLabels& labels) override {
    ++puts;
    if (before_put) before_put(name);
    if (refuses_puts) throw Error(ErrorCode::storage_failed, "the store is told to refuse", true);
    const std::lock_guard lock(answer());
    const bool stored = objects_.emplace(name, bytes).second;
    if (stored) {
      labels_[std::string(name)] = labels;
      order_.emplace_back(name);
    }
    return stored ? PutOutcome::stored : PutOutcome::already_there;
  }
  std::optional<BlobInfo> info(std::string_view name) override {
    const auto bytes = get(name);
    if (!bytes && knows_all) return BlobInfo{std::string(name), 1, ""};
    if (!bytes) return std::nullopt;
    return BlobInfo{std::string(name), bytes->size(), labels(std::string(name)).identity};
  }
  void remove(std::string_view name) override {
    const std::lock_guard lock(answer());
    if (const auto found = objects_.find(name); found != objects_.end()) objects_.erase(found);
  }
  void list(std::string_view prefix, const std::function<bool(const BlobInfo&)>& visit) override {
    for (const std::string& name : names()) {
      if (name.starts_with(prefix) && !visit({name, info(name)->size_bytes})) return;
    }
  }
  std::string url(std::string_view name) const override {
    return "memory://store/" + std::string(name);
  }
  std::optional<std::string> local_path(std::string_view) const override { return std::nullopt; }

  std::vector<std::string> names() {
    const std::lock_guard lock(answer());
    std::vector<std::string> all;
    for (const auto& [name, bytes] : objects_) all.push_back(name);
    return all;
  }

  BlobLabels labels(const std::string& name) {
    const std::lock_guard lock(answer());
    return labels_[name];
  }
  // Names in the order in which they were stored.
  std::vector<std::string> order() {
    const std::lock_guard lock(answer());
    return order_;
  }

 private:
  std::mutex& answer() {
    if (refuses_all) throw Error(ErrorCode::storage_failed, "the store is told to refuse", true);
    return mutex_;
  }

  std::mutex mutex_;
  std::map<std::string, SharedBytes, std::less<>> objects_;
  std::map<std::string, BlobLabels> labels_;
  std::vector<std::string> order_;
};

}  // namespace bhashatts::testing
