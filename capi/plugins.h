// Plug-ins: structs of function pointers as the engine's own interfaces.
//
// Thread rule: adapters may be called from any thread, several at once.
#pragma once

#include <cstddef>
#include <memory>
#include <string>

#include "bhashatts/c_plugins.h"
#include "bhashatts/parts.h"
#include "structs.h"

namespace bhashatts::c {

// How each plug-in's struct begins.
struct PluginHead {
  std::size_t struct_size;
  void* context;
  void (*destroy)(void* context);
};

// Gives a context back; once. Nothing that destroy raises goes on.
void give_back(const PluginHead& head) noexcept;

// The contexts that an open was given, in order, until adapters have taken them: those that are
// left are given back at the end, so that each is given back once, whatever fails (rule R12). What
// is too short to have a destroy has not been given.
class Contexts {
 public:
  explicit Contexts(const bhashatts_open_options& options) noexcept : options_(options) {}
  Contexts(const Contexts&) = delete;
  Contexts& operator=(const Contexts&) = delete;
  ~Contexts();

  // The next one belongs to somebody now.
  void taken() noexcept { ++taken_; }

 private:
  const bhashatts_open_options& options_;
  std::size_t taken_ = 0;
};

// A context that belongs to an adapter.
class Context {
 public:
  template <typename Plugin>
  Context(const Plugin& given, Contexts& contexts) noexcept
      : head_{given.struct_size, given.context, given.destroy} {
    contexts.taken();
  }
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;
  ~Context() { give_back(head_); }

  void* get() const noexcept { return head_.context; }

 private:
  PluginHead head_;
};

// They take the context first, then check the rest. Raise bad_request.
std::shared_ptr<Synthesizer> make_synthesizer(const bhashatts_synthesizer& given,
                                              Contexts& contexts);
std::shared_ptr<CacheTier> make_tier(const bhashatts_cache_tier& given, Contexts& contexts);
std::shared_ptr<BlobStore> make_blob_store(const bhashatts_blob_store& given, Contexts& contexts);
std::shared_ptr<EventSink> make_event_sink(const bhashatts_event_sink& given, Contexts& contexts);

// Raises bad_request.
Parts parts_of(const bhashatts_open_options& options, Contexts& contexts);

// What each adapter is checked by: raises bad_request where a member is missing.
template <typename Member>
void require(Member member, const char* what) {
  if (member == nullptr) refuse_null(what);
}

// The name of a tier or a sink. Raises bad_request, text_not_utf8.
std::string plugin_name(bhashatts_text given, const char* what);

}  // namespace bhashatts::c
