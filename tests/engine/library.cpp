#include "tests/engine/library.h"

#include <algorithm>
#include <set>
#include <utility>

#include "cache/lmdb_tier.h"

namespace bhashatts::testing {
namespace {

namespace fs = std::filesystem;

std::vector<fs::path> files_below(const fs::path& directory) {
  std::vector<fs::path> files;
  if (!fs::exists(directory)) return files;
  for (const auto& entry : fs::recursive_directory_iterator(directory)) {
    if (entry.is_regular_file()) files.push_back(entry.path());
  }
  std::sort(files.begin(), files.end());
  return files;
}

// Objects that the catalog names. A tombstone is named by nobody: it is there to be found.
std::set<std::string> recorded_objects(catalog::Catalog& catalog) {
  std::set<std::string> names;
  catalog.for_each_utterance(
      [&](const catalog::UtteranceRecord& record) { names.insert(record.blob_name); });
  catalog.for_each_speech(
      [&](const catalog::SpeechEntry& entry) { names.insert(entry.record.blob_name); });
  return names;
}

}  // namespace

Config Library::config() const {
  Config config;
  config.data_dir = root_.string();
  config.min_free_bytes = 1 << 20;
  return config;
}

CountedOptions Library::counted() const { return {.counter = directory_ / "calls"}; }

TtsEngine Library::open(const Config& config, const CountedOptions& counted) const {
  return TtsEngine::open(config, counted_parts(counted));
}

std::vector<std::string> Library::worker(std::vector<std::string> others) const {
  std::vector<std::string> all{"--dir", root_.string(), "--counter",
                               (directory_ / "calls").string()};
  all.insert(all.end(), others.begin(), others.end());
  return all;
}

std::unique_ptr<catalog::Catalog> Library::catalog() const {
  return catalog::Catalog::open({.directory = root_ / "catalog",
                                 .map_bytes = config().catalog_map_bytes,
                                 .read_only = false});
}

std::vector<fs::path> Library::blobs(const std::string& suffix) const {
  auto files = files_below(root_ / "blobs" / "audio");
  std::erase_if(files, [&](const fs::path& file) { return !file.string().ends_with(suffix); });
  return files;
}

std::vector<fs::path> Library::cached_files() const {
  return files_below(root_ / "cache" / "audio");
}

std::vector<std::string> Library::strays() const {
  std::vector<std::string> found;
  const auto known = recorded_objects(*catalog());
  for (const fs::path& file : files_below(root_ / "blobs")) {
    const std::string name = fs::relative(file, root_ / "blobs").string();
    const bool tombstone = name.starts_with("audio/rejected/");
    if (known.contains(name) || tombstone || name == ".tmp/writers.lock") continue;
    found.push_back("blobs/" + name);
  }
  for (const char* empty : {"cache/tmp", "live", "cache/index.damaged"}) {
    for (const fs::path& file : files_below(root_ / empty)) found.push_back(file.string());
  }
  if (fs::exists(root_ / "catalog" / "opening")) found.push_back("catalog/opening");
  const auto tier = cache::LmdbTier::open(
      {.directory = root_ / "cache",
       .max_bytes = std::int64_t{1} << 30,
       .map_bytes = config().cache_map_bytes,
       .read_only = false,
       .blob_path = [&](const AudioMetadata& metadata) {
         return (root_ / "blobs/audio/tts" /
                 (metadata.key.hex() + '.' + std::string(name(metadata.format))))
             .string();
       }});
  // What a sweep removes is what no entry names.
  const auto before = cached_files();
  tier->sweep();
  const auto after = cached_files();
  for (const fs::path& file : before) {
    if (!std::binary_search(after.begin(), after.end(), file)) found.push_back(file.string());
  }
  return found;
}

std::vector<std::string> problems(const VerifyReport& report) {
  std::vector<std::string> lines;
  for (const auto& problem : report.problems) lines.push_back(problem.object + ": " + problem.what);
  return lines;
}

}  // namespace bhashatts::testing
