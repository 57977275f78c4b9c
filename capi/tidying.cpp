// Exports: rejecting, forgetting, clearing.
#include "engine_object.h"
#include "guard.h"
#include "hex.h"
#include "values.h"

namespace bhashatts::c {
namespace {

// Before anything is done, so that what was done is always told.
template <typename Report>
void require_room_for(const Report* report) {
  if (report != nullptr) checked_size(report);
}

template <typename Report>
void tell(const Report& done, Report* report) {
  if (report != nullptr) write(done, report);
}

bhashatts_reject_report to_c(const RejectReport& from) {
  bhashatts_reject_report report = BHASHATTS_REJECT_REPORT_INIT;
  write_hex(from.rejected, report.rejected);
  report.next_take = from.next_take;
  report.speeches_dropped = from.speeches_dropped;
  return report;
}

bhashatts_forget_report to_c(const ForgetReport& from) {
  return {sizeof(bhashatts_forget_report), from.speeches, from.utterances, from.usage_events};
}

bhashatts_clear_report to_c(const ClearReport& from) {
  return {sizeof(bhashatts_clear_report), from.cache_entries, from.blobs, from.records};
}

ClearOptions options_of(const bhashatts_clear_options& from) {
  return {.cache_only = !flag_of(from.all, "all"),
          .language = std::string(name_of(from.language, "language")),
          .dry_run = flag_of(from.dry_run, "dry_run")};
}

}  // namespace

BHASHATTS_EXPORT bhashatts_status bhashatts_engine_reject(bhashatts_engine* engine,
                                                          const bhashatts_request* request,
                                                          bhashatts_reject_report* report) {
  return guarded([&] {
    require_room_for(report);
    tell(to_c(engine_in(pinned(engine)).reject(request_of(request))), report);
  });
}

BHASHATTS_EXPORT bhashatts_status bhashatts_engine_forget_text(bhashatts_engine* engine,
                                                               bhashatts_text text,
                                                               bhashatts_forget_report* report) {
  return guarded([&] {
    require_room_for(report);
    tell(to_c(engine_in(pinned(engine)).forget_text(view_of(text, "text"))), report);
  });
}

BHASHATTS_EXPORT bhashatts_status bhashatts_engine_forget_user(bhashatts_engine* engine,
                                                               bhashatts_text user_id,
                                                               bhashatts_forget_report* report) {
  return guarded([&] {
    require_room_for(report);
    tell(to_c(engine_in(pinned(engine)).forget_user(name_of(user_id, "user_id"))), report);
  });
}

BHASHATTS_EXPORT bhashatts_status bhashatts_engine_clear(bhashatts_engine* engine,
                                                         const bhashatts_clear_options* options,
                                                         bhashatts_clear_report* report) {
  return guarded([&] {
    require_room_for(report);
    tell(to_c(engine_in(pinned(engine)).clear(options_of(read_or_defaults(options)))), report);
  });
}

}  // namespace bhashatts::c
