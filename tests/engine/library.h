// A data directory under test: how engines and workers open it, and what may lie in it.
//
// Thread rule: one thread.
#pragma once

#include <filesystem>
#include <fstream>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bhashatts/engine.h"
#include "catalog/catalog.h"
#include "tests/engine/counted_synthesizer.h"
#include "tests/support/temp_dir.h"

namespace bhashatts::testing {

class Library {
 public:
  // root empty: a temporary directory of its own.
  explicit Library(std::filesystem::path root = {})
      : root_(root.empty() ? directory_.path() / "data" : std::move(root)),
        counter_(directory_ / "calls") {}

  const std::filesystem::path& root() const { return root_; }
  std::filesystem::path gate() const { return directory_ / "gate"; }
  std::filesystem::path scratch(const std::string& name) const { return directory_ / name; }
  void open_gate() const { std::ofstream(gate()) << "open\n"; }
  const Counter& counter() const { return counter_; }

  Config config() const;
  CountedOptions counted() const;
  TtsEngine open(const Config& config, const CountedOptions& counted) const;
  TtsEngine open() const { return open(config(), counted()); }

  // The worker's arguments for the same, and others.
  std::vector<std::string> worker(std::vector<std::string> others = {}) const;

  // No engine of this process may be open on it.
  std::unique_ptr<catalog::Catalog> catalog() const;

  std::vector<std::filesystem::path> blobs(const std::string& suffix) const;
  std::vector<std::filesystem::path> cached_files() const;
  // Files that no record, index entry or live process accounts for. No engine may be open.
  std::vector<std::string> strays() const;

 private:
  TempDir directory_;
  std::filesystem::path root_;
  Counter counter_;
};

std::vector<std::string> problems(const VerifyReport& report);

}  // namespace bhashatts::testing
