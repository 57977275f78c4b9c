// A bhashatts.BlobStore of Python's.
#include <string>

#include "adapters.h"
#include "audio.h"

namespace bhashatts::python {
namespace {

py::str text_of(std::string_view text) { return {text.data(), text.size()}; }

py::object to_python(const BlobLabels& labels) {
  return py::module_::import("bhashatts.plugins")
      .attr("BlobLabels")(labels.media_type, labels.identity, labels.duration_ms);
}

class PyStore final : public BlobStore {
 public:
  explicit PyStore(py::object object) : host_(std::move(object)) {}

  std::optional<SharedBytes> get(std::string_view name) override {
    return call_python("the store's get", [&]() -> std::optional<SharedBytes> {
      const py::object given = host_.call("get", text_of(name));
      return given.is_none() ? std::nullopt : std::optional(bytes_of(given));
    });
  }
  PutOutcome put_if_absent(std::string_view name, const SharedBytes& bytes,
                           const BlobLabels& labels) override {
    return call_python("the store's put_if_absent", [&] {
      const py::object stored =
          host_.call("put_if_absent", text_of(name), Audio{bytes}, to_python(labels));
      return as<bool>(stored, "what it returns") ? PutOutcome::stored : PutOutcome::already_there;
    });
  }
  std::optional<BlobInfo> info(std::string_view name) override {
    return call_python("the store's info", [&]() -> std::optional<BlobInfo> {
      const py::object size = host_.call("info", text_of(name));
      if (size.is_none()) return std::nullopt;
      return BlobInfo{std::string(name), as<std::uint64_t>(size, "the size")};
    });
  }
  void remove(std::string_view name) override {
    call_python("the store's remove", [&] { host_.call("remove", text_of(name)); });
  }
  void list(std::string_view prefix, const std::function<bool(const BlobInfo&)>& visit) override {
    for (const BlobInfo& one : listed(prefix)) {
      if (!visit(one)) return;
    }
  }
  std::string url(std::string_view name) const override {
    return call_python("the store's url", [&] {
      return as<std::string>(host_.call("url", text_of(name)), "what it returns");
    });
  }
  std::optional<std::string> local_path(std::string_view name) const override {
    return call_python("the store's local_path", [&]() -> std::optional<std::string> {
      const py::object path = host_.call("local_path", text_of(name));
      return path.is_none() ? std::nullopt : std::optional(py::str(path).cast<std::string>());
    });
  }

 private:
  // All of them first: `visit` may take locks of the engine's, and must not have the interpreter's.
  std::vector<BlobInfo> listed(std::string_view prefix) {
    return call_python("the store's list", [&] {
      std::vector<BlobInfo> all;
      for (const py::handle one : host_.call("list", text_of(prefix))) {
        const auto pair = as<py::tuple>(one, "each of what it gives");
        if (pair.size() != 2) throw py::type_error("each of what it gives must be (name, size)");
        all.push_back(
            {as<std::string>(pair[0], "the name"), as<std::uint64_t>(pair[1], "the size")});
      }
      return all;
    });
  }

  HostObject host_;
};

}  // namespace

std::shared_ptr<BlobStore> make_store(py::object object) {
  return std::make_shared<PyStore>(std::move(object));
}

}  // namespace bhashatts::python
