// A blob store in memory that can be told to refuse.
//
// Thread rule: any thread.
#pragma once

#include <atomic>
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

  std::optional<SharedBytes> get(std::string_view name) override {
    const std::lock_guard lock(answer());
    const auto found = objects_.find(name);
    return found == objects_.end() ? std::nullopt : std::optional(found->second);
  }
  PutOutcome put_if_absent(std::string_view name, const SharedBytes& bytes,
                           const BlobLabels&) override {
    if (refuses_puts) throw Error(ErrorCode::storage_failed, "the store is told to refuse", true);
    const std::lock_guard lock(answer());
    const bool stored = objects_.emplace(name, bytes).second;
    return stored ? PutOutcome::stored : PutOutcome::already_there;
  }
  std::optional<BlobInfo> info(std::string_view name) override {
    const auto bytes = get(name);
    if (!bytes) return std::nullopt;
    return BlobInfo{std::string(name), bytes->size()};
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

 private:
  std::mutex& answer() {
    if (refuses_all) throw Error(ErrorCode::storage_failed, "the store is told to refuse", true);
    return mutex_;
  }

  std::mutex mutex_;
  std::map<std::string, SharedBytes, std::less<>> objects_;
};

}  // namespace bhashatts::testing
