// A host's progress callback under the engine's.
//
// What it raises, though it must not, is kept until the run is over: it comes on threads of the
// engine's, where it would end the process.
//
// Thread rule: one thread at a time, as the engine calls it.
#pragma once

#include <exception>

#include "bhashatts/c.h"
#include "bhashatts/import.h"
#include "bhashatts/stories.h"
#include "callback.h"
#include "member.h"

namespace bhashatts::c {

class Progress {
 public:
  Progress(bhashatts_on_progress callback, void* context) noexcept
      : callback_(callback), context_(context) {}
  Progress(const Progress&) = delete;
  Progress& operator=(const Progress&) = delete;

  void listen(PrewarmOptions& options) {
    if (callback_ == nullptr) return;
    options.progress = [this](const PrewarmProgress& at) {
      show({sizeof(bhashatts_progress), at.pages_total, at.pages_done, at.pages_cached,
            at.pages_generated, at.pages_rejected, at.pages_failed, at.elapsed_ms});
    };
  }

  void listen(ImportOptions& options) {
    if (callback_ == nullptr) return;
    options.progress = [this](const ImportProgress& at) {
      show({sizeof(bhashatts_progress), 0, at.rows_done, at.rows_already_there, at.rows_adopted,
            at.rows_left_out, at.rows_failed, at.elapsed_ms});
    };
  }

  // When the run is over. Raises plugin_failed.
  void raise_what_it_raised() const {
    if (raised_) std::rethrow_exception(raised_);
  }

 private:
  void show(const bhashatts_progress& progress) noexcept {
    if (raised_) return;
    try {
      call_member("the progress callback", [&] {
        callback_(context_, &progress);
        return BHASHATTS_OK;
      });
    } catch (...) {
      raised_ = std::current_exception();
    }
  }

  bhashatts_on_progress callback_;
  void* context_;
  std::exception_ptr raised_;
};

}  // namespace bhashatts::c
