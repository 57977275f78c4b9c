// Plug-ins as a host would write them, as structs of function pointers over C++ test doubles: what
// a member does is a std::function that a test may replace, with one that fails, lies or throws.
//
// Thread rule: members as the engine calls them; what they do is set before.
#pragma once

#include <atomic>
#include <functional>
#include <map>
#include <mutex>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/capi/owned.h"
#include "tests/support/fake_synthesizer.h"

namespace bhashatts::testing {

// Counts how often its context was given back.
struct HostPart {
  std::atomic<int> destroyed{0};
  static void destroy(void* context) { ++static_cast<HostPart*>(context)->destroyed; }
};

struct HostVoice : HostPart {
  using Synthesize =
      std::function<bhashatts_status(const bhashatts_synthesis_request*, bhashatts_reply*)>;

  std::string name = "host/voice@1";
  bhashatts_synthesizer_limits limits{sizeof(bhashatts_synthesizer_limits), 0, 4, 0};
  std::atomic<int> calls{0};
  Synthesize synthesize = [](const bhashatts_synthesis_request* request, bhashatts_reply* reply) {
    return speak(request, reply);
  };
  std::function<bhashatts_synthesizer_state(bhashatts_reply*)> status;

  static bhashatts_status speak(const bhashatts_synthesis_request* request,
                                bhashatts_reply* reply) {
    const std::string wav = fake_wav(view(request->text));
    return bhashatts_reply_bytes(reply, wav.data(), wav.size());
  }

  bhashatts_synthesizer part() {
    static const auto self = [](void* context) -> HostVoice& {
      return *static_cast<HostVoice*>(static_cast<HostPart*>(context));
    };
    return {
        .struct_size = sizeof(bhashatts_synthesizer),
        .context = static_cast<HostPart*>(this),
        .destroy = &HostPart::destroy,
        .identity =
            [](void* context, bhashatts_reply* reply) {
              return bhashatts_reply_text(reply, c_text(self(context).name));
            },
        .limits =
            [](void* context, bhashatts_synthesizer_limits* given) {
              *given = self(context).limits;
              return bhashatts_status{BHASHATTS_OK};
            },
        .synthesize =
            [](void* context, const bhashatts_synthesis_request* request, bhashatts_reply* reply) {
              ++self(context).calls;
              return self(context).synthesize(request, reply);
            },
        .status = [](void* context, bhashatts_reply* reply) -> bhashatts_synthesizer_state {
          return self(context).status ? self(context).status(reply)
                                      : bhashatts_synthesizer_state{0};
        }};
  }
};

// Raises before each member where a test says so.
struct Troubled : HostPart {
  std::function<bhashatts_status()> trouble;
  bhashatts_status before() { return trouble ? trouble() : bhashatts_status{BHASHATTS_OK}; }
};

struct HostTier : Troubled {
  std::mutex mutex;
  std::map<std::string, std::string> values;  // by key
  std::map<std::string, std::string> languages;
  std::int64_t ttl = 0;

  static HostTier& self(void* context) {
    return *static_cast<HostTier*>(static_cast<HostPart*>(context));
  }
  bhashatts_cache_tier part() {
    return {.struct_size = sizeof(bhashatts_cache_tier),
            .context = static_cast<HostPart*>(this),
            .destroy = &HostPart::destroy,
            .name = c_text("shed"),
            .get = [](void* context, bhashatts_text key,
                      bhashatts_reply* reply) { return self(context).get(view(key), reply); },
            .put =
                [](void* context, bhashatts_text key, bhashatts_text language, const void* value,
                   std::size_t size, std::int64_t ttl_seconds) {
                  HostTier& tier = self(context);
                  if (const bhashatts_status status = tier.before(); status != 0) return status;
                  const std::lock_guard lock(tier.mutex);
                  tier.values[std::string(view(key))].assign(static_cast<const char*>(value), size);
                  tier.languages[std::string(view(key))] = view(language);
                  tier.ttl = ttl_seconds;
                  return bhashatts_status{BHASHATTS_OK};
                },
            .erase =
                [](void* context, bhashatts_text key) {
                  HostTier& tier = self(context);
                  if (const bhashatts_status status = tier.before(); status != 0) return status;
                  const std::lock_guard lock(tier.mutex);
                  tier.values.erase(std::string(view(key)));
                  return bhashatts_status{BHASHATTS_OK};
                },
            .clear =
                [](void* context, bhashatts_text language, std::int32_t count_only,
                   std::int64_t* entries) {
                  return self(context).clear(view(language), count_only != 0, entries);
                }};
  }

 private:
  bhashatts_status get(std::string_view key, bhashatts_reply* reply) {
    if (const bhashatts_status status = before(); status != 0) return status;
    const std::lock_guard lock(mutex);
    const auto found = values.find(std::string(key));
    if (found == values.end()) return BHASHATTS_NOT_FOUND;
    return bhashatts_reply_bytes(reply, found->second.data(), found->second.size());
  }
  bhashatts_status clear(std::string_view language, bool count_only, std::int64_t* entries) {
    if (const bhashatts_status status = before(); status != 0) return status;
    const std::lock_guard lock(mutex);
    const auto matches = [&](const auto& value) {
      return language.empty() || languages[value.first] == language;
    };
    *entries = std::count_if(values.begin(), values.end(), matches);
    if (!count_only) std::erase_if(values, matches);
    return BHASHATTS_OK;
  }
};

struct HostStore : Troubled {
  std::mutex mutex;
  std::map<std::string, std::string> objects;
  std::vector<std::pair<bhashatts_visitor*, bhashatts_on_blob>>
      visitors;  // of listings that are over

  static HostStore& self(void* context) {
    return *static_cast<HostStore*>(static_cast<HostPart*>(context));
  }
  bhashatts_blob_store part();
};

inline bhashatts_blob_store HostStore::part() {
  return {.struct_size = sizeof(bhashatts_blob_store),
          .context = static_cast<HostPart*>(this),
          .destroy = &HostPart::destroy,
          .get =
              [](void* context, bhashatts_text name, bhashatts_reply* reply) {
                HostStore& store = self(context);
                if (const bhashatts_status status = store.before(); status != 0) return status;
                const std::lock_guard lock(store.mutex);
                const auto found = store.objects.find(std::string(view(name)));
                if (found == store.objects.end()) return bhashatts_status{BHASHATTS_NOT_FOUND};
                return bhashatts_reply_bytes(reply, found->second.data(), found->second.size());
              },
          .put_if_absent =
              [](void* context, bhashatts_text name, const void* data, std::size_t size,
                 const bhashatts_blob_labels*, std::int32_t* already_there) {
                HostStore& store = self(context);
                if (const bhashatts_status status = store.before(); status != 0) return status;
                const std::lock_guard lock(store.mutex);
                const bool stored =
                    store.objects
                        .try_emplace(std::string(view(name)), static_cast<const char*>(data), size)
                        .second;
                *already_there = stored ? 0 : 1;
                return bhashatts_status{BHASHATTS_OK};
              },
          .info =
              [](void* context, bhashatts_text name, std::uint64_t* size_bytes) {
                HostStore& store = self(context);
                if (const bhashatts_status status = store.before(); status != 0) return status;
                const std::lock_guard lock(store.mutex);
                const auto found = store.objects.find(std::string(view(name)));
                if (found == store.objects.end()) return bhashatts_status{BHASHATTS_NOT_FOUND};
                *size_bytes = found->second.size();
                return bhashatts_status{BHASHATTS_OK};
              },
          .remove =
              [](void* context, bhashatts_text name) {
                HostStore& store = self(context);
                if (const bhashatts_status status = store.before(); status != 0) return status;
                const std::lock_guard lock(store.mutex);
                store.objects.erase(std::string(view(name)));
                return bhashatts_status{BHASHATTS_OK};
              },
          .list =
              [](void* context, bhashatts_text prefix, bhashatts_on_blob visit,
                 bhashatts_visitor* visitor) {
                HostStore& store = self(context);
                if (const bhashatts_status status = store.before(); status != 0) return status;
                const std::lock_guard lock(store.mutex);
                store.visitors.emplace_back(visitor, visit);
                for (const auto& [name, bytes] : store.objects) {
                  if (!name.starts_with(view(prefix))) continue;
                  if (visit(visitor, c_text(name), bytes.size()) == 0) break;
                }
                return bhashatts_status{BHASHATTS_OK};
              },
          .url =
              [](void* context, bhashatts_text name, bhashatts_reply* reply) {
                HostStore& store = self(context);
                if (const bhashatts_status status = store.before(); status != 0) return status;
                return bhashatts_reply_text(reply,
                                            c_text("host://store/" + std::string(view(name))));
              },
          .local_path = nullptr};
}

struct HostSink : Troubled {
  std::mutex mutex;
  std::vector<std::string> batches;

  bhashatts_event_sink part() {
    return {.struct_size = sizeof(bhashatts_event_sink),
            .context = static_cast<HostPart*>(this),
            .destroy = &HostPart::destroy,
            .name = c_text("mirror"),
            .deliver = [](void* context, bhashatts_text events_json) {
              auto& sink = *static_cast<HostSink*>(static_cast<HostPart*>(context));
              if (const bhashatts_status status = sink.before(); status != 0) return status;
              const std::lock_guard lock(sink.mutex);
              sink.batches.emplace_back(view(events_json));
              return bhashatts_status{BHASHATTS_OK};
            }};
  }
};

}  // namespace bhashatts::testing
