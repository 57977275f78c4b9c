// The engine: text in, speech out, and never paid for twice.
//
//   auto engine = bhashatts::TtsEngine::open(bhashatts::Config::from_environment());
//   bhashatts::Speech speech = engine.synthesize({.text = "नमस्ते बच्चों"});
//
// Thread rule: all members are safe from all threads. After fork the child may go on using the
// engine it inherited: on first use it opens everything anew for itself.
#pragma once

#include <chrono>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "bhashatts/async.h"
#include "bhashatts/config.h"
#include "bhashatts/export.h"
#include "bhashatts/import.h"
#include "bhashatts/parts.h"
#include "bhashatts/reports.h"
#include "bhashatts/speech.h"
#include "bhashatts/stories.h"
#include "bhashatts/stream.h"
#include "bhashatts/timings.h"

namespace bhashatts {

class BHASHATTS_API TtsEngine {
 public:
  // Raises config_invalid, not_supported, not_configured or a 6xx. Takes under 10 ms also on a full
  // data directory; sweeps run behind.
  static TtsEngine open(Config config, Parts parts = {});

  TtsEngine(TtsEngine&&) noexcept;
  TtsEngine& operator=(TtsEngine&&) noexcept;
  ~TtsEngine();  // close() with the configured drain time

  // Raises 2xx for bad input, 4xx and 5xx when it cannot be made, storage_full or
  // storage_read_only when it must not be, cancelled, closed.
  Speech synthesize(const SpeechRequest& request);
  // As synthesize, but returns at once, without a thread that waits; the request's views are
  // copied. Whatever happens, also bad input, is told by `done` (async.h), unless this raises:
  // closed, std::bad_alloc, or in a forked child what opening anew raises.
  void synthesize_async(const SpeechRequest& request, OnSpeech done);
  // As synthesize, but utterance by utterance, each as soon as it is there; the whole page is then
  // kept, as by synthesize. Raises 2xx and closed; what happens to the utterances is raised by
  // next().
  SpeechStream stream(const SpeechRequest& request);
  // When what is heard of a speech that synthesize or lookup gave for this request. Makes and reads
  // nothing; takes about as long as normalising the text. Raises bad_request for a speech of
  // another text.
  Timings timings(const SpeechRequest& request, const Speech& speech);
  // As synthesize, but never synthesises and never waits for one: nothing when it is not there.
  std::optional<Speech> lookup(const SpeechRequest& request);
  // As lookup, but looks only where this process holds it in memory: for who must not wait, nor
  // have anybody of the host's called, because it holds a lock that they may want. Raises 2xx;
  // closed is nothing found.
  std::optional<Speech> recall(const SpeechRequest& request);
  // "This sounds wrong": the current take is never served again, the next request makes another.
  // Raises not_found when there is no take to reject.
  RejectReport reject(const SpeechRequest& request);

  // Raises only for bad options (2xx); what happens to the pages is in the report.
  PrewarmReport prewarm(std::span<const Story> stories, const PrewarmOptions& options = {});

  // Adopts audio that the guide's code has made, under the first voice's keys; the guide's own
  // objects are left alone. What is there already counts as such, so that a run that was broken off
  // goes on where it was. Raises for bad options (2xx), what `rows` raises, storage_full,
  // storage_read_only and closed; what happens to the rows is in the report.
  ImportReport import_guide(const GuideRows& rows, const ImportOptions& options = {});

  // Where the page's speech can be fetched, made now; nothing when none was made for it.
  // voice_style empty: the configured default.
  std::optional<std::string> story_page_url(std::string_view story_id, std::int32_t page_number,
                                            std::string_view voice_style = {});
  // Where this speech's object can be fetched; nothing when it is only in tiers.
  std::optional<std::string> url(const Speech& speech);

  Status status();
  Stats stats();
  VerifyReport verify(bool repair);
  // Erases a text (in every language, style and format), or all usage of a user.
  ForgetReport forget_text(std::string_view text);
  ForgetReport forget_user(std::string_view user_id);
  ClearReport clear(const ClearOptions& options);

  // Waits until everything that is owed (cache writes, usage, sweeps under way) is written.
  void flush();
  // Takes no more requests, waits for paid work up to `drain`, writes what is owed. Idempotent.
  void close();
  void close(std::chrono::milliseconds drain);

  const Config& config() const noexcept;

 private:
  class Handle;
  explicit TtsEngine(std::unique_ptr<Handle> handle);
  std::unique_ptr<Handle> handle_;
};

}  // namespace bhashatts
