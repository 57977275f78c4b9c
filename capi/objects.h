// What stands behind each handle, and the steps that exports share: take a handle apart, give one
// out, end it.
//
// Thread rule: any thread, but where an object says otherwise.
#pragma once

#include <atomic>
#include <cstdint>
#include <memory>
#include <stop_token>
#include <string>
#include <utility>

#include "base/per_process.h"
#include "bhashatts/c.h"
#include "bhashatts/error.h"
#include "bhashatts/speech.h"
#include "bhashatts/timings.h"
#include "handles.h"
#include "structs.h"

namespace bhashatts::c {

struct ConfigObject;
struct EngineObject;
struct StreamObject;

struct SpeechObject {
  static constexpr Kind kKind = Kind::speech;
  struct Glance {
    const std::uint8_t* data;
    std::size_t size;
  };
  void show(Glance& glance) const noexcept {
    glance.data = reinterpret_cast<const std::uint8_t*>(speech.audio().data());
    glance.size = speech.audio().size();
  }

  Speech speech;
};

struct TimingsObject {
  static constexpr Kind kKind = Kind::timings;
  Timings timings;
};

struct StringObject {
  static constexpr Kind kKind = Kind::string;
  std::string text;
};

// A forked child begins with a source of its own: on its parent's wait threads that are not there,
// perhaps with a lock held that requesting would wait for.
struct CancelObject {
  static constexpr Kind kKind = Kind::cancel;

  void request() {
    requested.store(true);
    source.get().request_stop();
  }
  std::stop_token token() {
    std::stop_source& ours = source.get();
    if (requested.load()) ours.request_stop();  // by the parent, or just now
    return ours.get_token();
  }

  std::atomic<bool> requested{false};
  PerProcess<std::stop_source> source{[] { return std::make_unique<std::stop_source>(); }};
};

template <typename Opaque>
struct ObjectOf;
template <>
struct ObjectOf<bhashatts_config> {
  using Type = ConfigObject;
};
template <>
struct ObjectOf<bhashatts_engine> {
  using Type = EngineObject;
};
template <>
struct ObjectOf<bhashatts_speech> {
  using Type = SpeechObject;
};
template <>
struct ObjectOf<bhashatts_stream> {
  using Type = StreamObject;
};
template <>
struct ObjectOf<bhashatts_timings> {
  using Type = TimingsObject;
};
template <>
struct ObjectOf<bhashatts_string> {
  using Type = StringObject;
};
template <>
struct ObjectOf<bhashatts_cancel> {
  using Type = CancelObject;
};
template <typename Opaque>
using Object = typename ObjectOf<std::remove_const_t<Opaque>>::Type;

[[noreturn]] void refuse_handle(const void* handle, Kind kind);

inline std::uint64_t number_of(const void* handle) noexcept {
  return reinterpret_cast<std::uintptr_t>(handle);
}

// The object of a handle, for as long as it is held. Raises bad_request.
template <typename Opaque>
[[gnu::always_inline]] inline auto pinned(Opaque* handle) {
  auto& objects = table<Object<Opaque>>;
  auto pin = objects.pin(number_of(handle));
  if (!pin) refuse_handle(handle, Object<Opaque>::kKind);
  return pin;
}

template <typename Opaque>
Opaque* handle_of(std::uint64_t number) noexcept {
  return reinterpret_cast<Opaque*>(static_cast<std::uintptr_t>(number));
}

// A handle of a new object, of these arguments.
template <typename Opaque, typename... Arguments>
Opaque* made(Arguments&&... arguments) {
  using Type = Object<Opaque>;
  return handle_of<Opaque>(
      table<Type>.add_made([&] { return Type{std::forward<Arguments>(arguments)...}; }));
}

// Null is destroyed already. Raises bad_request.
template <typename Opaque>
void destroyed(Opaque* handle) {
  if (handle == nullptr) return;
  if (!table<Object<Opaque>>.retire(number_of(handle))) {
    refuse_handle(handle, Object<Opaque>::kKind);
  }
}

// Where an export puts a handle: null until it succeeds. Raises bad_request.
template <typename Opaque>
void begin_output(Opaque** out, const char* what) {
  if (out == nullptr) refuse_null(what);
  *out = nullptr;
}

inline bhashatts_string* made_string(std::string text) {
  return made<bhashatts_string>(std::move(text));
}

}  // namespace bhashatts::c
