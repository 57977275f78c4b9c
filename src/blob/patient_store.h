// A store far away that is asked only while it answers: when questions have waited in vain, those
// that follow are refused at once for a while, by all processes of the host, and one is let through
// now and then to see. A request must not wait half a minute for a store that is not there, and the
// next one again.
//
// Only questions (get, info, list) are refused. What writes has its own pace (the spool) or is
// asked for by a person; what it meets tells the breaker too.
//
// Thread rule: as BlobStore.
#pragma once

#include <chrono>
#include <filesystem>
#include <memory>

#include "bhashatts/blob_store.h"

namespace bhashatts::blob {

struct PatientOptions {
  std::filesystem::path breaker_file;      // shared by the processes of the host; empty: by none
  std::chrono::milliseconds longest_call;  // that one question may take
  // What took so long and failed was waited for in vain. A connection that is refused at once costs
  // nobody time, and the store is back as soon as it is.
  std::chrono::milliseconds long_wait{1'000};
  std::chrono::milliseconds first_pause{2'000};  // doubles to 30 s
};

std::shared_ptr<BlobStore> make_patient_store(std::shared_ptr<BlobStore> store,
                                              const PatientOptions& options);

}  // namespace bhashatts::blob
