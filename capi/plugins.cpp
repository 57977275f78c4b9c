#include "plugins.h"

#include <cstring>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "callback.h"
#include "values.h"

namespace bhashatts::c {
namespace {

// Of the same host's object. What has no context, or no destroy, is not given back.
bool is_same_context(const PluginHead& one, const PluginHead& other) noexcept {
  return one.context != nullptr && one.destroy != nullptr && one.context == other.context &&
         one.destroy == other.destroy;
}

// Calls visit(plug-in) for each that the options name, in the order in which adapters are made.
template <typename Visit>
void for_each_plugin(const bhashatts_open_options& options, const Visit& visit) {
  const auto each = [&](const auto* const* list, std::size_t count) {
    for (std::size_t i = 0; list != nullptr && i < count; ++i) visit(list[i]);
  };
  visit(options.synthesizer);
  each(options.fallbacks, options.fallback_count);
  each(options.tiers, options.tier_count);
  visit(options.blob_store);
  each(options.event_sinks, options.event_sink_count);
}

// Nothing where it is too short to have one.
std::optional<PluginHead> head_of(const void* plugin) noexcept {
  if (plugin == nullptr) return std::nullopt;
  PluginHead head{};
  std::memcpy(&head.struct_size, plugin, sizeof head.struct_size);
  if (head.struct_size < sizeof head) return std::nullopt;
  std::memcpy(&head, plugin, sizeof head);
  return head;
}

bool comes_again(const bhashatts_open_options& options, const PluginHead& head, std::size_t from) {
  std::size_t place = 0;
  bool again = false;
  for_each_plugin(options, [&](const void* plugin) {
    if (plugin == nullptr || place++ < from) return;
    const auto later = head_of(plugin);
    again = again || (later && is_same_context(head, *later));
  });
  return again;
}

// Calls visit(head, whether the same context comes again) for each from the given place on. Those
// before it, and those that were visited, are not looked at: a struct may have gone with its
// context. (A set of contexts would need memory where they are given back for want of it.)
template <typename Visit>
void for_each_head(const bhashatts_open_options& options, std::size_t from, const Visit& visit) {
  std::size_t place = 0;
  for_each_plugin(options, [&](const void* plugin) {
    if (plugin == nullptr || place++ < from) return;
    if (const auto head = head_of(plugin)) visit(*head, comes_again(options, *head, place));
  });
}

// Else it would be given back twice.
void refuse_twins(const bhashatts_open_options& options) {
  for_each_head(options, 0, [](const PluginHead&, bool again) {
    if (!again) return;
    throw Error(ErrorCode::bad_request,
                "one context is listed twice; give each plug-in a context of its own");
  });
}

// In stats one would be taken for the other. Of sinks the engine sees to it.
void refuse_namesakes(const std::vector<std::shared_ptr<CacheTier>>& tiers) {
  std::set<std::string> names;
  for (const auto& tier : tiers) {
    if (names.insert(tier->name()).second) continue;
    throw Error(ErrorCode::bad_request, "two cache tiers are named " + tier->name());
  }
}

// One list of plug-ins as adapters.
template <typename Plugin, typename Make, typename Adapter>
void append(const Plugin* const* list, std::size_t count, const char* what, Contexts& contexts,
            const Make& make, std::vector<std::shared_ptr<Adapter>>& to) {
  if (list == nullptr && count > 0) refuse_null(what);
  to.reserve(count);
  for (std::size_t i = 0; i < count; ++i) to.push_back(make(read(list[i]), contexts));
}

}  // namespace

void give_back(const PluginHead& head) noexcept {
  if (head.destroy == nullptr) return;
  try {
    const InCallback in_callback;
    head.destroy(head.context);
  } catch (...) {
  }
}

std::string plugin_name(bhashatts_text given, const char* what) {
  const std::string_view name = name_of(given, what);
  if (!name.empty() && name.size() <= 64) return std::string(name);
  throw Error(ErrorCode::bad_request, std::string(what) + " must have 1 to 64 bytes");
}

Contexts::~Contexts() {
  for_each_head(options_, taken_, [](const PluginHead& head, bool again) {
    if (!again) give_back(head);
  });
}

Parts parts_of(const bhashatts_open_options& options, Contexts& contexts) {
  refuse_twins(options);
  Parts parts;
  if (options.synthesizer != nullptr) {
    parts.synthesizer = make_synthesizer(read(options.synthesizer), contexts);
  }
  append(options.fallbacks, options.fallback_count, "fallbacks", contexts, make_synthesizer,
         parts.fallbacks);
  append(options.tiers, options.tier_count, "tiers", contexts, make_tier, parts.tiers);
  refuse_namesakes(parts.tiers);
  if (options.blob_store != nullptr) {
    parts.blob_store = make_blob_store(read(options.blob_store), contexts);
  }
  append(options.event_sinks, options.event_sink_count, "event_sinks", contexts, make_event_sink,
         parts.event_sinks);
  return parts;
}

}  // namespace bhashatts::c
