// Why a type of its own and no bare memoryview: django.http.FileResponse wants read(), HttpResponse
// something to iterate over, and numpy, memoryview and bytes() a buffer.
#include "audio.h"

#include <pybind11/stl.h>

#include <algorithm>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "cause.h"
#include "documented.h"
#include "quick.h"

namespace bhashatts::python {
namespace {

constexpr std::size_t kPiece = std::size_t{64}
                               << 10;  // of an iteration: what a socket takes at once

Py_ssize_t length(const Audio& audio) { return static_cast<Py_ssize_t>(audio.bytes.size()); }

// Flags that ask for a writable buffer get BufferError.
int get_buffer(PyObject* self, Py_buffer* view, int flags) {
  const auto& audio = inside<const Audio>(self);  // there is none without: see nobody_makes_it
  auto* data = const_cast<std::byte*>(audio.bytes.data());
  return PyBuffer_FillInfo(view, self, data, length(audio), 1, flags);
}

void with_buffer(PyHeapTypeObject* type) {
  type->as_buffer.bf_getbuffer = get_buffer;
  type->ht_type.tp_as_buffer = &type->as_buffer;
}

void require_open(const Audio& audio) {
  if (audio.closed) throw py::value_error("I/O operation on closed file");
}

std::size_t take(Audio& audio, std::size_t size) {
  size = std::min(size, audio.bytes.size() - std::min(audio.place, audio.bytes.size()));
  audio.place += size;
  return size;
}

py::bytes read(Audio& audio, const std::optional<Py_ssize_t>& size) {
  require_open(audio);
  const std::size_t from = audio.place;
  const bool all = !size || *size < 0;
  const std::size_t got = take(audio, all ? audio.bytes.size() : static_cast<std::size_t>(*size));
  return {reinterpret_cast<const char*>(audio.bytes.data()) + (got > 0 ? from : 0), got};
}

using BufferView = std::unique_ptr<Py_buffer, decltype(&PyBuffer_Release)>;

// Fills `view`; raises what Python raised.
BufferView buffer_of(const py::handle& object, Py_buffer& view, int flags) {
  if (PyObject_GetBuffer(object.ptr(), &view, flags) != 0) throw py::error_already_set();
  return {&view, PyBuffer_Release};
}

// A writable buffer in one piece: with py::buffer a reversed view would be written over its end.
std::size_t read_into(Audio& audio, const py::handle& to) {
  require_open(audio);
  Py_buffer view;
  const BufferView into = buffer_of(to, view, PyBUF_WRITABLE);
  const std::size_t from = audio.place;
  const std::size_t got = take(audio, static_cast<std::size_t>(view.len));
  if (got > 0) std::memcpy(view.buf, audio.bytes.data() + from, got);
  return got;
}

std::int64_t seek(Audio& audio, std::int64_t offset, int whence) {
  require_open(audio);
  const auto size = static_cast<std::int64_t>(audio.bytes.size());
  const std::int64_t base = whence == 0   ? 0
                            : whence == 1 ? static_cast<std::int64_t>(audio.place)
                            : whence == 2 ? size
                                          : throw py::value_error("whence must be 0, 1 or 2");
  if (whence == 0 && offset < 0) throw py::value_error("negative seek position");
  // No overflow: neither is ever beyond 2^61, which is beyond any audio.
  constexpr std::int64_t kFarthest = std::int64_t{1} << 61;
  const std::int64_t to = std::clamp(offset, -kFarthest, kFarthest) + base;
  audio.place = static_cast<std::size_t>(std::clamp<std::int64_t>(to, 0, kFarthest));
  return static_cast<std::int64_t>(audio.place);
}

py::object next_piece(Audio& audio) {
  py::bytes piece = read(audio, static_cast<Py_ssize_t>(kPiece));
  if (py::len(piece) == 0) throw py::stop_iteration();
  return piece;
}

py::object view_of(const py::object& self) {
  return py::reinterpret_steal<py::object>(PyMemoryView_FromObject(self.ptr()));
}

// By their bytes, as buffers are; NotImplemented for what is none.
py::object equals(const Audio& audio, const py::object& other) {
  if (!PyObject_CheckBuffer(other.ptr())) {
    return py::reinterpret_borrow<py::object>(Py_NotImplemented);
  }
  Py_buffer view;
  const BufferView bytes = buffer_of(other, view, PyBUF_FULL_RO);
  if (PyBuffer_IsContiguous(&view, 'C') == 0) {
    return py::reinterpret_borrow<py::object>(Py_NotImplemented);
  }
  const auto size = static_cast<std::size_t>(view.len);
  const bool same =
      size == audio.bytes.size() && (size == 0 || view.buf == audio.bytes.data() ||
                                     std::memcmp(view.buf, audio.bytes.data(), size) == 0);
  return py::bool_(same);
}

// That of the bytes it is equal to; a memoryview's would ask for this one.
py::ssize_t hash(const Audio& audio) {
  return py::hash(py::bytes(reinterpret_cast<const char*>(audio.bytes.data()), audio.bytes.size()));
}

std::string shown(const Audio& audio) {
  return "<bhashatts.Audio of " + std::to_string(audio.bytes.size()) + " bytes>";
}

SharedBytes copied(const Py_buffer& view) {
  std::vector<std::byte> bytes(static_cast<std::size_t>(view.len));
  auto* const from = const_cast<Py_buffer*>(&view);  // before Python 3.11 it was not const
  if (PyBuffer_ToContiguous(bytes.data(), from, view.len, 'C') != 0) {
    throw py::error_already_set();
  }
  return SharedBytes::adopt(std::move(bytes));
}

constexpr const char* kAudio =
    R"(Encoded audio: a read-only buffer, not a copy, that is a binary file too.

memoryview(), bytes(), numpy.frombuffer(), Django's HttpResponse and FileResponse take it; a slice is
a memoryview. The bytes stay for as long as it, or a view of it, is held. As a file it has a place of
its own, and Speech.audio gives a new one each time; iterating reads 64 KiB at a time. Views may be
used by any thread, the file by one at a time.)";

// What a binary file has.
void define_file(py::class_<Audio>& audio) {
  const Documented documented;
  audio
      .def("read", read, py::arg("size") = py::none(),
           "read(self, size=None)\n--\n\nUp to size bytes from its place on; None or less than 0: "
           "all.")
      .def("readinto", read_into, py::arg("buffer"),
           "readinto(self, buffer)\n--\n\nFills a writable buffer; returns how many bytes it got.")
      .def("seek", seek, py::arg("offset"), py::arg("whence") = 0,
           "seek(self, offset, whence=0)\n--\n\nGoes to a place, counted from the beginning (0), "
           "here (1) or the end (2); returns it.")
      .def(
          "tell",
          [](const Audio& self) {
            require_open(self);
            return self.place;
          },
          "tell(self)\n--\n\nThe place that is read next.")
      .def("getbuffer", view_of, "getbuffer(self)\n--\n\nAll of it as a memoryview, not a copy.")
      .def(
          "close", [](Audio& self) { self.closed = true; },
          "close(self)\n--\n\nEnds reading as a file; the buffer stays.")
      .def_property_readonly(
          "closed", [](const Audio& self) { return self.closed; }, "Whether close() was called.")
      .def(
          "readable", [](const Audio&) { return true; }, "readable(self)\n--\n\nTrue.")
      .def(
          "seekable", [](const Audio&) { return true; }, "seekable(self)\n--\n\nTrue.")
      .def(
          "writable", [](const Audio&) { return false; }, "writable(self)\n--\n\nFalse.")
      .def(
          "flush", [](const Audio&) {},
          "flush(self)\n--\n\nNothing: io.BufferedReader asks for it.");
}

}  // namespace

SharedBytes bytes_of(const py::handle& object) {
  if (py::isinstance<Audio>(object)) return object.cast<const Audio&>().bytes;
  if (PyBytes_Check(object.ptr())) {
    return {reinterpret_cast<const std::byte*>(PyBytes_AS_STRING(object.ptr())),
            static_cast<std::size_t>(PyBytes_GET_SIZE(object.ptr())),
            kept(py::reinterpret_borrow<py::object>(object))};
  }
  Py_buffer view;
  const BufferView held = buffer_of(object, view, PyBUF_FULL_RO);
  return copied(view);
}

void register_audio(py::module_& module) {
  py::class_<Audio> audio(module, "Audio", py::custom_type_setup([](PyHeapTypeObject* type) {
                            with_buffer(type);
                            nobody_makes_it(type);
                          }),
                          kAudio);
  audio.def("__len__", [](const Audio& self) { return self.bytes.size(); })
      .def("__getitem__", [](const py::object& self,
                             const py::object& which) { return py::object(view_of(self)[which]); })
      .def("__eq__", equals)
      .def("__hash__", hash)
      .def("__repr__", shown)
      .def("__iter__", [](py::object self) { return self; })
      .def("__next__", next_piece)
      .def("__enter__", [](py::object self) { return self; })
      .def("__exit__", [](Audio& self, const py::args&) { self.closed = true; });
  no_pickle(audio, "audio cannot be copied or pickled: take bytes(audio)");
#if PY_VERSION_HEX < 0x030C0000  // from there on a buffer has it by itself
  audio.def("__buffer__", [](const py::object& self, int) { return view_of(self); });
#endif
  define_file(audio);
}

}  // namespace bhashatts::python
