// Settings behind their handle.
//
// Each change makes a new copy, and the old ones are kept until the handle is destroyed: who reads
// one on another thread, or in a forked child, needs no lock. A host changes some ten settings
// once.
//
// Thread rule: any thread.
#pragma once

#include <atomic>
#include <memory>
#include <utility>

#include "bhashatts/config.h"
#include "objects.h"

namespace bhashatts::c {

struct ConfigObject {
 public:
  static constexpr Kind kKind = Kind::config;

  explicit ConfigObject(Config config) : current_(new Version{std::move(config), nullptr}) {}
  ConfigObject(const ConfigObject&) = delete;
  ConfigObject& operator=(const ConfigObject&) = delete;
  ~ConfigObject() {
    const Version* version = current_.load(std::memory_order_acquire);
    while (version != nullptr) {
      const std::unique_ptr<const Version> last(version);
      version = last->before;
    }
  }

  const Config& get() const noexcept { return current_.load(std::memory_order_acquire)->config; }

  // change: Config -> Config. Called again where another thread's change came first.
  template <typename Change>
  void change(const Change& change) {
    const Version* before = current_.load(std::memory_order_acquire);
    auto next = std::make_unique<Version>();
    do {
      next->config = change(before->config);
      next->before = before;
    } while (!current_.compare_exchange_weak(before, next.get(), std::memory_order_acq_rel));
    next.release();  // NOLINT(bugprone-unused-return-value): `current_` has it
  }

 private:
  struct Version {
    Config config;
    const Version* before = nullptr;
  };
  std::atomic<const Version*> current_;
};

}  // namespace bhashatts::c
