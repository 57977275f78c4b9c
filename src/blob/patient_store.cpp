#include "blob/patient_store.h"

#include <chrono>
#include <type_traits>
#include <utility>

#include "base/clock.h"
#include "net/breaker.h"

namespace bhashatts::blob {
namespace {

using std::chrono::milliseconds;

[[noreturn]] void refuse(milliseconds retry_after) {
  throw Error(ErrorCode::storage_failed,
              "the object store did not answer the calls before; it is asked again soon; "
              "bhashatts status tells more",
              true, retry_after)
      .untried();
}

class PatientStore final : public BlobStore {
 public:
  PatientStore(std::shared_ptr<BlobStore> store, const PatientOptions& options)
      : store_(std::move(store)),
        long_wait_(options.long_wait),
        breaker_(options.breaker_file, {.failures_to_open = 2,
                                        .first_pause = options.first_pause,
                                        .longest_pause = milliseconds(30'000),
                                        .probe_lease = options.longest_call * 2}) {}

  std::optional<SharedBytes> get(std::string_view name) override {
    return asked([&] { return store_->get(name); });
  }
  std::optional<BlobInfo> info(std::string_view name) override {
    return asked([&] { return store_->info(name); });
  }
  void list(std::string_view prefix, const std::function<bool(const BlobInfo&)>& visit) override {
    asked([&] { store_->list(prefix, visit); });
  }
  PutOutcome put_if_absent(std::string_view name, const SharedBytes& bytes,
                           const BlobLabels& labels) override {
    return told([&] { return store_->put_if_absent(name, bytes, labels); });
  }
  void remove(std::string_view name) override {
    told([&] { store_->remove(name); });
  }
  void remove_all(std::span<const std::string> names) override {
    told([&] { store_->remove_all(names); });
  }
  std::string url(std::string_view name) const override { return store_->url(name); }
  std::optional<std::string> local_path(std::string_view name) const override {
    return store_->local_path(name);
  }

 private:
  template <typename Call>
  std::invoke_result_t<Call> asked(const Call& call) {
    if (const auto refusal = breaker_.ask()) refuse(refusal->retry_after);
    return told(call);
  }

  template <typename Call>
  std::invoke_result_t<Call> told(const Call& call) {
    const Stopwatch watch;
    try {
      if constexpr (std::is_void_v<std::invoke_result_t<Call>>) {
        call();
        breaker_.succeeded();
      } else {
        auto answer = call();
        breaker_.succeeded();
        return answer;
      }
    } catch (const Error& error) {
      failed(error, milliseconds(watch.ms()));
      throw;
    }
  }

  void failed(const Error& error, milliseconds after) {
    const bool in_vain = error.retryable() && after >= long_wait_;
    if (in_vain) return breaker_.failed(Error(ErrorCode::unreachable, "", true));
    breaker_.succeeded();  // whatever it says, it says it soon
  }

  std::shared_ptr<BlobStore> store_;
  const milliseconds long_wait_;
  net::Breaker breaker_;
};

}  // namespace

std::shared_ptr<BlobStore> make_patient_store(std::shared_ptr<BlobStore> store,
                                              const PatientOptions& options) {
  return std::make_shared<PatientStore>(std::move(store), options);
}

}  // namespace bhashatts::blob
