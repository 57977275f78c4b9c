// A blob store that is a struct of function pointers.
#include <atomic>
#include <exception>
#include <memory>
#include <string>
#include <utility>

#include "base/inside.h"
#include "base/mutex.h"
#include "handles.h"
#include "member.h"
#include "objects.h"
#include "plugins.h"
#include "reply.h"
#include "values.h"

namespace bhashatts::c {
namespace {

using Visitor = std::function<bool(const BlobInfo&)>;

std::string shown_name(bhashatts_text name) {
  try {
    return std::string(name_of(name, "name"));
  } catch (const Error& error) {
    throw Error(ErrorCode::plugin_failed, std::string("the store's list showed a ") + error.what());
  }
}

// A listing, under way and after. The host may show from any thread, and go on when it is over: the
// engine's visitor, which lives as long as the listing, is used under the lock, by one at a time.
// What it raises must not cross the host's frames: it is kept, and raised when the listing has come
// back.
class Listing {
 public:
  explicit Listing(const Visitor& visit) : visit_(visit) {}

  bool show(bhashatts_text name, std::uint64_t size_bytes) noexcept {
    if (Inside::of(this)) return false;  // the visitor is showing this, and would wait for itself
    const MutexLock lock(mutex_);
    if (over_ || raised_) return false;
    const Inside inside(this);
    try {
      return visit_({shown_name(name), size_bytes});
    } catch (...) {
      raised_ = std::current_exception();
      return false;
    }
  }

  // From now on nothing is shown; gives what was raised.
  std::exception_ptr close() noexcept {
    over_ = true;  // before the lock, which who goes on showing would hardly leave to this thread
    const MutexLock lock(mutex_);
    return std::exchange(raised_, nullptr);
  }

 private:
  const Visitor& visit_;  // not there any more when it is over
  std::atomic<bool> over_{false};
  Mutex mutex_;
  std::exception_ptr raised_ GUARDED_BY(mutex_);
};

struct VisitObject {
  static constexpr Kind kKind = Kind::visit;
  std::shared_ptr<Listing> listing;
};

// The visitor that the host gets: a handle, so that one that is called too late shows nothing.
class Visit {
 public:
  explicit Visit(const Visitor& visit)
      : listing_(std::make_shared<Listing>(visit)),
        number_(table<VisitObject>.add_made([&] { return VisitObject{listing_}; })) {}
  ~Visit() {
    table<VisitObject>.retire(number_);
    listing_->close();
  }
  Visit(const Visit&) = delete;
  Visit& operator=(const Visit&) = delete;

  bhashatts_visitor* handle() const noexcept { return handle_of<bhashatts_visitor>(number_); }
  void raise_what_it_raised() {
    if (const std::exception_ptr raised = listing_->close()) std::rethrow_exception(raised);
  }

  static std::int32_t show(bhashatts_visitor* visitor, bhashatts_text name,
                           std::uint64_t size_bytes) noexcept {
    const auto pin = table<VisitObject>.pin(number_of(visitor));
    return pin && pin->listing->show(name, size_bytes) ? 1 : 0;
  }

 private:
  std::shared_ptr<Listing> listing_;
  std::uint64_t number_;
};

class CBlobStore final : public BlobStore {
 public:
  CBlobStore(const bhashatts_blob_store& given, Contexts& contexts)
      : context_(given, contexts), members_(given) {
    require(members_.get, "bhashatts_blob_store.get");
    require(members_.put_if_absent, "bhashatts_blob_store.put_if_absent");
    require(members_.info, "bhashatts_blob_store.info");
    require(members_.remove, "bhashatts_blob_store.remove");
    require(members_.list, "bhashatts_blob_store.list");
    require(members_.url, "bhashatts_blob_store.url");
  }

  std::optional<SharedBytes> get(std::string_view name) override {
    Reply reply;
    const bool found = call_get("the store's get", [&] {
      return members_.get(context_.get(), text_of(name), reply.handle());
    });
    if (!found) return std::nullopt;
    return given(reply.take().bytes, "the store's get");
  }

  PutOutcome put_if_absent(std::string_view name, const SharedBytes& bytes,
                           const BlobLabels& labels) override {
    const bhashatts_blob_labels tags{sizeof tags, text_of(labels.media_type),
                                     text_of(labels.identity), labels.duration_ms};
    std::int32_t already_there = 0;
    call_keeper("the store's put_if_absent", [&] {
      return members_.put_if_absent(context_.get(), text_of(name), bytes.data(), bytes.size(),
                                    &tags, &already_there);
    });
    return already_there != 0 ? PutOutcome::already_there : PutOutcome::stored;
  }

  std::optional<BlobInfo> info(std::string_view name) override {
    std::uint64_t size = 0;
    const bool found = call_get(
        "the store's info", [&] { return members_.info(context_.get(), text_of(name), &size); });
    return found ? std::optional(BlobInfo{std::string(name), size}) : std::nullopt;
  }

  void remove(std::string_view name) override {
    call_keeper(
        "the store's remove", [&] { return members_.remove(context_.get(), text_of(name)); },
        BHASHATTS_NOT_FOUND);
  }

  void list(std::string_view prefix, const Visitor& visit) override {
    Visit visitor(visit);
    call_keeper("the store's list", [&] {
      return members_.list(context_.get(), text_of(prefix), &Visit::show, visitor.handle());
    });
    visitor.raise_what_it_raised();
  }

  std::string url(std::string_view name) const override {
    Reply reply;
    call_keeper("the store's url",
                [&] { return members_.url(context_.get(), text_of(name), reply.handle()); });
    return given(reply.take().text, "the store's url");
  }

  std::optional<std::string> local_path(std::string_view name) const override {
    if (members_.local_path == nullptr) return std::nullopt;
    Reply reply;
    const bool found = call_get("the store's local_path", [&] {
      return members_.local_path(context_.get(), text_of(name), reply.handle());
    });
    return found ? reply.take().text : std::nullopt;
  }

 private:
  template <typename Value>
  static Value given(std::optional<Value> value, const char* what) {
    if (value) return *std::move(value);
    throw Error(ErrorCode::plugin_failed, std::string(what) + " succeeded and gave nothing");
  }

  const Context context_;
  const bhashatts_blob_store members_;
};

}  // namespace

std::shared_ptr<BlobStore> make_blob_store(const bhashatts_blob_store& given, Contexts& contexts) {
  return std::make_shared<CBlobStore>(given, contexts);
}

}  // namespace bhashatts::c
