// Python objects as the engine's seams. What they must look like stands in bhashatts/plugins.py.
//
// Thread rule: the adapters may be called from any thread, without the interpreter's lock; what
// makes them, with it.
#pragma once

#include <pybind11/pybind11.h>

#include <memory>
#include <string>
#include <type_traits>

#include "bhashatts/parts.h"
#include "cause.h"
#include "errors.h"
#include "lock.h"

namespace bhashatts::python {

// An object of the host's that any thread may use and let go of.
class HostObject {
 public:
  explicit HostObject(py::object object) : object_(kept(std::move(object))) {}
  // member(arguments...), with the interpreter's lock.
  template <typename... Arguments>
  py::object call(const char* member, Arguments&&... arguments) const {
    return called(object_of(object_).attr(member), std::forward<Arguments>(arguments)...);
  }
  py::object get(const char* attribute) const { return object_of(object_).attr(attribute); }

 private:
  std::shared_ptr<const void> object_;
};

// What a part gave as a C++ value. Raises TypeError, which names it: pybind11's own error does not.
template <typename Type>
Type as(const py::handle& given, const char* what) {
  const bool bytes = std::is_same_v<Type, std::string> && !PyUnicode_Check(given.ptr());
  try {
    if (!bytes) return given.cast<Type>();  // which takes bytes for a str
    throw py::cast_error();
  } catch (const py::cast_error&) {
    constexpr bool number = std::is_integral_v<Type> && !std::is_same_v<Type, bool>;
    const char* kind = std::is_same_v<Type, bool>        ? "a bool"
                       : std::is_same_v<Type, py::tuple> ? "a tuple"
                       : !number                         ? "a str"
                       : std::is_unsigned_v<Type>        ? "an int, 0 or more"
                                                         : "an int that fits";
    const std::string type = Py_TYPE(given.ptr())->tp_name;
    throw py::type_error(std::string(what) + " must be " + kind + ", not " + type);
  }
}
template <typename Type>
Type member(const py::object& of, const char* name) {
  return as<Type>(of.attr(name), name);
}

std::shared_ptr<Synthesizer> make_synthesizer(py::object object);
std::shared_ptr<CacheTier> make_tier(py::object object);
std::shared_ptr<BlobStore> make_store(py::object object);
std::shared_ptr<EventSink> make_sink(py::object object);

// {"synthesizer", "fallbacks", "tiers", "blob_store", "event_sinks"}; what is absent or None is as
// configured.
Parts parts_of(const py::dict& plug_ins);

}  // namespace bhashatts::python
