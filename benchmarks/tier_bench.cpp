// Memory tier and LMDB tier beside what they are built on, in the same run: bare mdb_get in a read
// transaction of its own, and open + mmap + XXH3 of a file. The counters are the promise: `ratio`
// is the tier's median over its rival's; absolute times say more about the machine.
//
// Index growth is measured on entries that all point at one small file, written without sync: it
// is the index that grows, and a million files would take the disk an hour.
#include <benchmark/benchmark.h>
#include <unistd.h>

#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <map>
#include <memory>
#include <random>
#include <string>
#include <vector>

#include "base/clock.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/lmdb.h"
#include "cache/index.h"
#include "cache/index_txn.h"
#include "cache/lmdb_tier.h"
#include "cache/memory_tier.h"

namespace {

namespace fs = std::filesystem;
using namespace std::chrono_literals;
using bhashatts::CacheEntry;
using bhashatts::Key;
using bhashatts::KeyHasher;
using bhashatts::SharedBytes;
using bhashatts::Sync;
using bhashatts::cache::LmdbTier;
using bhashatts::cache::MemoryTier;
namespace cache = bhashatts::cache;
namespace lmdb = bhashatts::lmdb;

constexpr std::size_t kSpeeches = 64;
constexpr std::int64_t kMap = std::int64_t{4} << 30;

class Directory {
 public:
  Directory() {
    std::string pattern = (fs::temp_directory_path() / "bhashatts-bench-XXXXXX").string();
    path = ::mkdtemp(pattern.data());
  }
  ~Directory() {
    std::error_code ignored;
    fs::remove_all(path, ignored);
  }
  fs::path path;
};

// The median of batches, in nanoseconds a call: interrupts and first touches fall out.
template <typename Call>
double median_ns(const Call& call, int batches = 31, int calls = 64) {
  std::vector<double> times;
  for (int b = 0; b < batches; ++b) {
    const auto start = std::chrono::steady_clock::now();
    for (int c = 0; c < calls; ++c) call();
    const std::chrono::duration<double, std::nano> took = std::chrono::steady_clock::now() - start;
    times.push_back(took.count() / calls);
  }
  std::nth_element(times.begin(), times.begin() + batches / 2, times.end());
  return times[static_cast<std::size_t>(batches / 2)];
}

template <typename Ours, typename Rival>
void report(benchmark::State& state, const Ours& ours, const Rival& rival) {
  for (auto _ : state) ours();
  const double own = median_ns(ours);
  const double other = median_ns(rival);
  state.counters["rival_ns"] = other;
  state.counters["ours_ns"] = own;
  state.counters["ratio"] = own / other;
}

Key key_number(std::int64_t number) { return KeyHasher().field(number).finish(); }

bhashatts::AudioMetadata metadata_of(std::int64_t number, const SharedBytes& audio) {
  bhashatts::AudioMetadata metadata;
  metadata.key = key_number(number);
  metadata.sample_rate = 22'050;
  metadata.duration_ms = 9'000;
  metadata.size_bytes = audio.size();
  metadata.checksum = bhashatts::xxh3_64(audio.span());
  metadata.synthesizer = "espeak-ng:1.51:storyteller:2";
  metadata.language = "HINDI";
  metadata.voice_style = "storyteller";
  metadata.created_at = 1'700'000'000;
  return metadata;
}

CacheEntry speech(std::int64_t number, std::size_t size) {
  std::mt19937_64 random(static_cast<std::uint64_t>(number));
  std::string bytes(size, '\0');
  for (char& byte : bytes) byte = static_cast<char>(random());
  const SharedBytes audio = SharedBytes::adopt(std::move(bytes));
  return {audio, std::make_shared<const bhashatts::AudioMetadata>(metadata_of(number, audio))};
}

// The rival: values in LMDB, read in a transaction that begins and ends with the call.
class BareLmdb {
 public:
  explicit BareLmdb(const fs::path& directory) {
    bhashatts::ensure_directory(directory);
    mdb_env_create(&env_);
    mdb_env_set_mapsize(env_, static_cast<std::size_t>(kMap));
    lmdb::check(mdb_env_open(env_, directory.c_str(), MDB_NOTLS | MDB_NOSYNC, 0644), "open");
  }
  ~BareLmdb() { mdb_env_close(env_); }
  BareLmdb(const BareLmdb&) = delete;
  BareLmdb& operator=(const BareLmdb&) = delete;

  template <typename Value>
  void fill(std::int64_t entries, const Value& value) {
    MDB_txn* txn = nullptr;
    lmdb::check(mdb_txn_begin(env_, nullptr, 0, &txn), "begin");
    lmdb::check(mdb_dbi_open(txn, nullptr, 0, &dbi_), "open");
    for (std::int64_t i = 0; i < entries; ++i) {
      Key key = key_number(i);
      const std::string bytes = value(i);
      MDB_val k{key.bytes.size(), key.bytes.data()};
      MDB_val v{bytes.size(), const_cast<char*>(bytes.data())};
      lmdb::check(mdb_put(txn, dbi_, &k, &v, 0), "put");
    }
    lmdb::check(mdb_txn_commit(txn), "commit");
  }

  void get(const Key& wanted) {
    Key key = wanted;
    MDB_txn* txn = nullptr;
    MDB_val k{key.bytes.size(), key.bytes.data()};
    MDB_val v{};
    mdb_txn_begin(env_, nullptr, MDB_RDONLY, &txn);
    mdb_get(txn, dbi_, &k, &v);
    benchmark::DoNotOptimize(v.mv_data);
    mdb_txn_abort(txn);
  }

 private:
  MDB_env* env_ = nullptr;
  MDB_dbi dbi_ = 0;
};

// Speech of one size, in everything that is to be compared.
struct Shelf {
  explicit Shelf(std::size_t size) : bare(directory.path / "bare"), memory(nullptr, 8192) {
    cache::LmdbTierOptions options;
    options.directory = directory.path / "tier";
    options.max_bytes = std::int64_t{4} << 30;
    options.map_bytes = kMap;
    tier = LmdbTier::open(options);
    for (std::size_t i = 0; i < kSpeeches; ++i) {
      const auto number = static_cast<std::int64_t>(i);
      const CacheEntry entry = speech(number, size);
      keys.push_back(entry.metadata->key);
      tier->put(entry, 24h);
      files.push_back(directory.path / std::to_string(i));
      bhashatts::write_new_file(files.back(), entry.audio.span(), Sync::none);
    }
    tier->flush();
    for (const Key& key : keys) memory.put(*tier->get(key), 24h, 0);
    bare.fill(kSpeeches,
              [&](std::int64_t i) { return std::string(speech(i, size).audio.chars()); });
  }

  std::size_t next() { return ++turn % kSpeeches; }

  Directory directory;
  BareLmdb bare;
  MemoryTier memory;
  std::unique_ptr<LmdbTier> tier;
  std::vector<Key> keys;
  std::vector<fs::path> files;
  std::size_t turn = 0;
};

Shelf& shelf(std::int64_t size) {
  static std::map<std::int64_t, std::unique_ptr<Shelf>> shelves;
  auto& found = shelves[size];
  if (!found) found = std::make_unique<Shelf>(static_cast<std::size_t>(size));
  return *found;
}

// Promise: at most 4.
void BM_MemoryHitBesideMdbGet(benchmark::State& state) {
  Shelf& s = shelf(state.range(0));
  report(
      state, [&] { benchmark::DoNotOptimize(s.memory.get(s.keys[s.next()])); },
      [&] { s.bare.get(s.keys[s.next()]); });
}
BENCHMARK(BM_MemoryHitBesideMdbGet)->Arg(60'000)->Arg(1'000'000);

// Promise: at most 1.5.
void BM_FirstTouchBesideOpenMapHash(benchmark::State& state) {
  Shelf& s = shelf(state.range(0));
  report(
      state, [&] { benchmark::DoNotOptimize(s.tier->get(s.keys[s.next()])); },
      [&] {
        const auto bytes = bhashatts::map_file(s.files[s.next()]);
        benchmark::DoNotOptimize(bhashatts::xxh3_64(bytes->span()));
      });
}
BENCHMARK(BM_FirstTouchBesideOpenMapHash)->Arg(60'000)->Arg(1'000'000);

// An index of many entries, all of which point at one file of 1,000 bytes.
struct Library {
  explicit Library(std::int64_t entries) : bare(directory.path / "bare") {
    const CacheEntry one = speech(0, 1000);
    file = (directory.path / "one").string();
    bhashatts::write_new_file(file, one.audio.span(), Sync::none);
    {
      LmdbTier::open(options());  // lays out the directory
    }
    fill(entries, one.audio);
    bare.fill(entries, [](std::int64_t) { return std::string(200, 'x'); });
    tier = LmdbTier::open(options());
    std::mt19937_64 random(1);
    for (int i = 0; i < 4096; ++i) {
      const auto most = static_cast<std::uint64_t>(entries);
      keys.push_back(key_number(static_cast<std::int64_t>(random() % most)));
    }
  }

  cache::LmdbTierOptions options() const {
    cache::LmdbTierOptions options;
    options.directory = directory.path / "tier";
    options.max_bytes = std::int64_t{1} << 30;
    options.map_bytes = kMap;
    options.blob_path = [path = file](const bhashatts::AudioMetadata&) { return path; };
    return options;
  }

  void fill(std::int64_t entries, const SharedBytes& audio) {
    const cache::AudioFiles files(options().directory, options().blob_path);
    const auto index =
        cache::Index::open({options().directory, kMap, false},
                           bhashatts::LockFile::open(options().directory / "writers.lock"),
                           cache::Index::Depth::quick);
    mdb_env_set_flags(index->env().raw(), MDB_NOSYNC, 1);
    for (std::int64_t i = 0; i < entries;) {
      cache::IndexTxn txn(*index, files);
      for (int n = 0; n < 20'000 && i < entries; ++n, ++i) {
        cache::Entry entry;
        entry.metadata = metadata_of(i, audio);
        entry.location = cache::Location::blob_store;
        entry.frequency = cache::kMaxFrequency;
        entry.written_at = bhashatts::unix_seconds();
        entry.expires_at = entry.written_at + 86'400;
        txn.insert(std::move(entry));
      }
      txn.commit();
    }
  }

  const Key& next() { return keys[++turn % keys.size()]; }

  Directory directory;
  std::string file;
  BareLmdb bare;
  std::unique_ptr<LmdbTier> tier;
  std::vector<Key> keys;
  std::size_t turn = 0;
};

Library& library(std::int64_t entries) {
  static std::map<std::int64_t, std::unique_ptr<Library>> libraries;
  auto& found = libraries[entries];
  if (!found) found = std::make_unique<Library>(entries);
  return *found;
}

// Promise: the ratio grows by at most 1.5 from a thousand to a million.
void BM_IndexGrowth(benchmark::State& state) {
  Library& l = library(state.range(0));
  report(
      state, [&] { benchmark::DoNotOptimize(l.tier->get(l.next())); },
      [&] { l.bare.get(l.next()); });
}
BENCHMARK(BM_IndexGrowth)->Arg(1'000)->Arg(100'000)->Arg(1'000'000)->Iterations(20'000);

// Promise: under 10 ms.
void BM_OpenTier(benchmark::State& state) {
  Library& l = library(state.range(0));
  l.tier.reset();
  for (auto _ : state) benchmark::DoNotOptimize(LmdbTier::open(l.options()));
  l.tier = LmdbTier::open(l.options());
}
BENCHMARK(BM_OpenTier)->Arg(1'000)->Arg(100'000)->Arg(1'000'000)->Unit(benchmark::kMillisecond);

// What an fsync of each audio would cost: see the head of src/cache/audio_files.cpp.
void BM_WriteFile(benchmark::State& state) {
  const Directory directory;
  const CacheEntry entry = speech(1, 60'000);
  const Sync sync = state.range(0) != 0 ? Sync::data : Sync::none;
  std::int64_t number = 0;
  for (auto _ : state) {
    bhashatts::write_new_file(directory.path / std::to_string(++number), entry.audio.span(), sync);
  }
}
BENCHMARK(BM_WriteFile)->ArgName("fsync")->Arg(0)->Arg(1)->Iterations(200);

}  // namespace

BENCHMARK_MAIN();
