// The two meta pages of LMDB 0.9 are read with pread, as numbers at fixed offsets, because a mapped
// read is what must not happen yet. The offsets are those of 64-bit builds, which all our hosts
// are; elsewhere the magic number is not found where it is expected, and the file counts as whole.
#include "catalog/damage.h"

#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <chrono>
#include <cstring>
#include <optional>
#include <string>

#include "base/clock.h"
#include "base/fd.h"
#include "base/files.h"
#include "base/hash.h"
#include "base/lmdb_check.h"
#include "bhashatts/error.h"

namespace bhashatts::catalog {
namespace {

namespace fs = std::filesystem;

constexpr std::uint32_t kMagic = 0xbeefc0de;
constexpr std::size_t kAllLeaves = ~std::size_t{0};
constexpr std::size_t kMetaSize = 168;  // page header, meta, to the end of txnid
constexpr int kMostTries = 3;           // at an examination that does not end

enum class Verdict { whole, damaged, hung };

struct Meta {
  std::uint32_t version;
  std::uint32_t page_size;
  std::uint64_t last_page;
  std::uint64_t txn;
};

template <typename T>
T number_at(const std::array<char, kMetaSize>& bytes, std::size_t offset) {
  T number;
  std::memcpy(&number, bytes.data() + offset, sizeof number);
  return number;
}

std::optional<Meta> read_meta(const UniqueFd& fd, std::uint64_t offset) {
  std::array<char, kMetaSize> bytes{};
  const ssize_t got = ::pread(fd.get(), bytes.data(), bytes.size(), static_cast<off_t>(offset));
  if (got != static_cast<ssize_t>(bytes.size())) return std::nullopt;
  if (number_at<std::uint32_t>(bytes, 16) != kMagic) return std::nullopt;
  return Meta{.version = number_at<std::uint32_t>(bytes, 20),
              .page_size = number_at<std::uint32_t>(bytes, 40),
              .last_page = number_at<std::uint64_t>(bytes, 136),
              .txn = number_at<std::uint64_t>(bytes, 144)};
}

void refuse_newer(const Meta& meta) {
  int major = 0;
  mdb_version(&major, nullptr, nullptr);
  if (meta.version > 1 && major == 0) {
    throw Error(ErrorCode::storage_newer,
                "the catalog was written with LMDB 1.0 or newer; build with that, or use another "
                "data directory");
  }
}

[[noreturn]] void refuse(std::string_view what) {
  throw Error(ErrorCode::storage_damaged, std::string(what));
}

// In the child. Everything is touched: keys, values to their last byte, and the list of free pages,
// over which a writer would stumble. The pages are checked first: some damage reads well, and
// crashes who writes.
void read_everything(const lmdb::EnvOptions& options) {
  const fs::path file = options.directory / "data.mdb";
  if (!lmdb::metas_are_sound(file)) refuse("its headers make no sense");
  // Never closed, for closing is for whose turn it is: see wait_for_turn().
  const auto& env = *new std::shared_ptr<lmdb::Env>(lmdb::Env::open(options));
  const lmdb::ReadTxn txn(*env);
  if (lmdb::check_pages(txn.raw(), file, kAllLeaves) == lmdb::Soundness::damaged) {
    refuse("its pages make no sense");
  }
  std::uint64_t sum = 0;
  const auto read = [&](MDB_dbi dbi) {
    lmdb::Cursor cursor(txn, dbi);
    for (bool more = cursor.first(); more; more = cursor.next()) {
      sum += xxh3_64(cursor.key()) + xxh3_64(cursor.value());
    }
  };
  read(0);
  for (std::size_t i = 0; i < options.databases.size(); ++i) read(env->dbi(i));
  volatile std::uint64_t keep = sum;  // or the reading could be optimised away
  static_cast<void>(keep);
}

// How long reading may take: of a cold file on a slow disk (10 MB/s), and some more.
std::chrono::milliseconds patience_for(const lmdb::EnvOptions& options) {
  std::error_code unknown;
  const auto bytes = fs::file_size(options.directory / "data.mdb", unknown);
  return std::chrono::seconds(10) + std::chrono::milliseconds(unknown ? 0 : bytes / 10'000);
}

// The host's handlers (a crash reporter, Python's faulthandler) must not see the child die, nor its
// standard error LMDB's last words; alarm() ends a child whose parent is gone.
void be_quiet(std::chrono::milliseconds patience) {
  for (const int signal_number : {SIGBUS, SIGSEGV, SIGABRT, SIGILL, SIGFPE, SIGALRM}) {
    ::signal(signal_number, SIG_DFL);
  }
  sigset_t all{};
  ::sigfillset(&all);
  ::sigprocmask(SIG_UNBLOCK, &all, nullptr);
  const rlimit no_core{0, 0};
  ::setrlimit(RLIMIT_CORE, &no_core);
  const int null = ::open("/dev/null", O_WRONLY | O_CLOEXEC);
  if (null >= 0) ::dup2(null, STDERR_FILENO);
  ::alarm(static_cast<unsigned>(patience.count() / 1000 + 5));
}

[[noreturn]] void examine(const lmdb::EnvOptions& options, int report) {
  char verdict = 'k';
  try {
    read_everything(options);
  } catch (const Error& error) {
    // No room to make a missing database, say, is no damage.
    if (error.code() == ErrorCode::storage_damaged) verdict = 'd';
  } catch (...) {
    verdict = 'd';
  }
  const bool told = ::write(report, &verdict, 1) == 1;
  ::_exit(told ? 0 : 1);
}

// By pipe, not by exit status: a host may ignore SIGCHLD, and then there is none.
Verdict verdict_from(const UniqueFd& report, std::chrono::milliseconds patience) {
  pollfd waiting{report.get(), POLLIN, 0};
  int ready = 0;
  while ((ready = ::poll(&waiting, 1, static_cast<int>(patience.count()))) < 0 && errno == EINTR) {
  }
  if (ready == 0) return Verdict::hung;
  char verdict = 0;
  const bool well = ready == 1 && ::read(report.get(), &verdict, 1) == 1 && verdict == 'k';
  return well ? Verdict::whole : Verdict::damaged;
}

Verdict examine_in_child(const lmdb::EnvOptions& options) {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) throw file_error("pipe", options.directory, errno);
  const UniqueFd report(ends[0]);
  UniqueFd teller(ends[1]);
  const auto patience = patience_for(options);
  const pid_t child = ::fork();
  if (child < 0) throw file_error("fork", options.directory, errno);
  if (child == 0) {
    be_quiet(patience);
    examine(options, teller.get());
  }
  teller.reset();
  const Verdict verdict = verdict_from(report, patience);
  ::kill(child, SIGKILL);
  while (::waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
  return verdict;
}

}  // namespace

bool is_whole(const fs::path& env_directory) {
  const fs::path path = env_directory / "data.mdb";
  const UniqueFd fd(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  if (!fd.valid()) throw file_error("open", path, errno);
  const auto first = read_meta(fd, 0);
  if (!first) return true;  // LMDB itself refuses it
  refuse_newer(*first);
  if (first->page_size == 0) return false;
  const auto second = read_meta(fd, first->page_size);
  const Meta& newest = second && second->txn > first->txn ? *second : *first;
  // The header before the size: a writer makes the file longer before it writes the header.
  struct stat status {};
  if (::fstat(fd.get(), &status) != 0) throw file_error("stat", path, errno);
  const auto pages = static_cast<std::uint64_t>(status.st_size) / first->page_size;
  return newest.last_page < pages;
}

// A child that hangs tells nothing of the file: its pages are walked in bounds, so the file cannot
// send it in circles. It was forked while a thread held some lock of the host's allocator (seen
// with AddressSanitizer's, at the start of an engine), and the next one will not.
bool survives_examination(const lmdb::EnvOptions& options) {
  for (int tries = 0; tries < kMostTries; ++tries) {
    const Verdict verdict = examine_in_child(options);
    if (verdict != Verdict::hung) return verdict == Verdict::whole;
  }
  throw Error(ErrorCode::storage_failed,
              "the catalog in " + options.directory.string() + " could not be read in time", true);
}

fs::path set_aside(const fs::path& env_directory) {
  const fs::path parent = env_directory.parent_path();
  for (std::int64_t at = unix_ms();; ++at) {
    fs::path aside = parent / ("damaged-" + std::to_string(at));
    if (::access(aside.c_str(), F_OK) == 0) continue;
    if (::rename(env_directory.c_str(), aside.c_str()) != 0) {
      throw file_error("set aside", env_directory, errno);
    }
    sync_directory(parent);
    return aside;
  }
}

}  // namespace bhashatts::catalog
