// Adopting what the guide's code has made: its audio (named after an MD5) and its AudioCache table.
//
//   std::ifstream file("audio_cache.jsonl");
//   bhashatts::GuideExport rows(file);
//   bhashatts::ImportReport report = engine.import_guide([&] { return rows.next(); });
//
// Thread rule: all but GuideExport are values and pure functions; a GuideExport is used by one
// thread at a time.
#pragma once

#include <cstdint>
#include <functional>
#include <istream>
#include <memory>
#include <optional>
#include <stop_token>
#include <string>
#include <string_view>
#include <vector>

#include "bhashatts/bytes.h"
#include "bhashatts/export.h"

namespace bhashatts {

// One row of AudioCache, as far as it matters here. Nothing of it is checked yet.
struct GuideRow {
  std::int64_t number = 0;    // in the export, from 1; for messages
  std::string fault = {};     // why it is no row of that table; empty: it is one
  std::string text = {};      // text_content
  std::string language = {};  // "HINDI"
  std::string voice_style = "storyteller";
  std::string cache_key = {};  // as the table has it; empty: as the guide's code makes it
  std::string audio_url = {};  // only its last part is used, where a file was renamed
  std::string story_id = {};   // links the speech to a page
  std::int32_t page_number = 0;
  std::int64_t generation_time_ms = 0;
  std::int64_t generation_cost_micro_usd = 0;
};

// MD5 of "text:language:voice_style": what the guide's code calls the audio.
BHASHATTS_API std::string guide_cache_key(std::string_view text, std::string_view language,
                                          std::string_view voice_style);

// Reads an export: JSON Lines, one row a line, or a JSON list of rows. A row is an object of the
// table's columns; or one as Django's dumpdata writes it, its columns in "fields", where rows of
// other models are passed over. Members that are not of interest are ignored. At most one row (16
// MiB) is in memory.
class BHASHATTS_API GuideExport {
 public:
  explicit GuideExport(std::istream& in);  // used until the end
  GuideExport(GuideExport&&) noexcept;
  GuideExport& operator=(GuideExport&&) noexcept;
  ~GuideExport();

  // Nothing at the end. What is no row is given with its fault, and the next one is behind it; so
  // is, as the last, an export that cannot be read or breaks off.
  std::optional<GuideRow> next();
  // Reads to the end and says how many rows there were, whatever they hold.
  std::int64_t count();

 private:
  class Rows;
  std::unique_ptr<Rows> rows_;
};

// Gives one row after the other, nothing at the end. Called by one thread at a time, not always the
// same one. What it raises ends the import.
using GuideRows = std::function<std::optional<GuideRow>()>;

struct ImportProgress {
  std::int64_t rows_done = 0;  // of any outcome, those of other languages too
  std::int64_t rows_adopted = 0;
  std::int64_t rows_already_there = 0;
  std::int64_t rows_left_out = 0;  // rejected, missing or refused
  std::int64_t rows_failed = 0;
  std::int64_t elapsed_ms = 0;
};

struct ImportOptions {
  std::string language = {};               // only rows in it; empty: all
  std::optional<std::int64_t> limit = {};  // at most so many rows; 0: none
  // What stands before "<md5>.wav" in the names of the guide's objects.
  std::string prefix = "audio/tts/";
  // Where they are, as files: <directory>/<prefix><md5>.wav, or else <directory>/<md5>.wav. Empty:
  // in the configured store.
  std::string directory = {};
  // Reads an object by its whole name, in the place of the two: a host's own storage. Nothing where
  // there is none. Called by several threads at once.
  std::function<std::optional<SharedBytes>(const std::string& name)> read = {};
  // Refuses rows whose voice description is not that of the guide, word for word: see
  // ImportReport::rows_other_description.
  bool same_description = false;
  std::int32_t concurrency = 4;  // rows at once
  bool dry_run = false;          // reads and judges all of it, keeps nothing
  std::stop_token stop = {};     // finish what is in hand, begin nothing more
  // Called after each row, by one thread at a time, not always the same one.
  std::function<void(const ImportProgress&)> progress = {};
};

enum class ImportOutcome : std::uint8_t {
  rejected = 1,  // bad input: no row of the table, another text's key, a text that nobody speaks
  missing = 2,   // there is no such object
  refused = 3,   // the audio is damaged, or is not of this text, or was rejected here before
  failed = 4,    // the store could not be read or written: import again
};
BHASHATTS_API std::string_view name(ImportOutcome outcome) noexcept;

struct ImportProblem {
  std::int64_t row = 0;        // in the export, from 1
  std::string cache_key = {};  // of the guide; empty: not known
  ImportOutcome outcome = ImportOutcome::rejected;
  std::string code = {};  // name of the ErrorCode
  std::string message = {};
};

struct ImportReport {
  // At most so many problems are listed; all are counted.
  static constexpr std::size_t kMostProblems = 10'000;

  std::int64_t rows_total = 0;    // read, of the language that was asked for
  std::int64_t rows_adopted = 0;  // in a dry run: would be
  std::int64_t rows_already_there = 0;
  std::int64_t rows_rejected = 0;
  std::int64_t rows_invalid = 0;  // of the rejected: not even rows of the table
  std::int64_t rows_missing = 0;
  std::int64_t rows_refused = 0;
  std::int64_t rows_failed = 0;
  // Of the adopted: pages of several sentences, kept in one piece.
  std::int64_t rows_whole = 0;
  // Of the adopted: spoken to another voice description than this engine's voice profile has.
  std::int64_t rows_other_description = 0;
  std::int64_t adopted_ms = 0;              // how long the adopted audio is
  std::int64_t adopted_cost_micro_usd = 0;  // what the guide's table says that it cost
  bool stopped = false;                     // before the last row
  std::string synthesizer;                  // the identity under which audio was adopted
  std::int64_t elapsed_ms = 0;
  std::vector<ImportProblem> problems;  // in the order of the rows
};

}  // namespace bhashatts
