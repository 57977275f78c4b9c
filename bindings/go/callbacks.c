// Plug-ins whose members are Go functions: what the engine calls, and Go's part behind it.
// Contexts, replies and visitors cross to Go as numbers, because what is no address of memory must
// not have a pointer's type there. This file is apart from bridge.c because it needs what cgo
// generates.
#include "_cgo_export.h"
#include "bridge.h"

// How many members of Go's run on this thread. The library counts too, but tells nobody before it
// is too late for Close, which works on another thread.
static _Thread_local int32_t depth = 0;

int32_t bgo_in_callback(void) { return depth > 0; }

#define IN_GO(result, call)    \
  ++depth;                     \
  const result value = (call); \
  --depth;                     \
  return value

static void forget(void* context) { bgoForget((uintptr_t)context); }

// ---- Synthesizer ----

static bhashatts_status identity(void* context, bhashatts_reply* reply) {
  IN_GO(bhashatts_status, bgoIdentity((uintptr_t)context, (uintptr_t)reply));
}

static bhashatts_status limits(void* context, bhashatts_synthesizer_limits* limits) {
  IN_GO(bhashatts_status, bgoLimits((uintptr_t)context, limits));
}

static bhashatts_status synthesize(void* context, const bhashatts_synthesis_request* request,
                                   bhashatts_reply* reply) {
  IN_GO(bhashatts_status, bgoSynthesize((uintptr_t)context, (bhashatts_synthesis_request*)request,
                                        (uintptr_t)request->stop, (uintptr_t)reply));
}

static bhashatts_synthesizer_state state(void* context, bhashatts_reply* reply) {
  IN_GO(bhashatts_synthesizer_state, bgoState((uintptr_t)context, (uintptr_t)reply));
}

static bhashatts_synthesizer synthesizer_of(const bgo_plugin* plugin) {
  const bhashatts_synthesizer synthesizer = {.struct_size = sizeof synthesizer,
                                             .context = (void*)plugin->context,
                                             .destroy = forget,
                                             .identity = identity,
                                             .limits = limits,
                                             .synthesize = synthesize,
                                             .status = state};
  return synthesizer;
}

// ---- Cache tier ----

static bhashatts_status tier_get(void* context, bhashatts_text key, bhashatts_reply* reply) {
  IN_GO(bhashatts_status, bgoTierGet((uintptr_t)context, key, (uintptr_t)reply));
}

static bhashatts_status tier_put(void* context, bhashatts_text key, bhashatts_text language,
                                 const void* value_data, size_t size, int64_t ttl_seconds) {
  IN_GO(bhashatts_status,
        bgoTierPut((uintptr_t)context, key, language, (void*)value_data, size, ttl_seconds));
}

static bhashatts_status tier_erase(void* context, bhashatts_text key) {
  IN_GO(bhashatts_status, bgoTierErase((uintptr_t)context, key));
}

static bhashatts_status tier_clear(void* context, bhashatts_text language, int32_t count_only,
                                   int64_t* entries) {
  IN_GO(bhashatts_status, bgoTierClear((uintptr_t)context, language, count_only, entries));
}

static bhashatts_cache_tier tier_of(const bgo_plugin* plugin) {
  const bhashatts_cache_tier tier = {.struct_size = sizeof tier,
                                     .context = (void*)plugin->context,
                                     .destroy = forget,
                                     .name = bhashatts_text_of(plugin->name),
                                     .get = tier_get,
                                     .put = tier_put,
                                     .erase = tier_erase,
                                     .clear = tier_clear};
  return tier;
}

// ---- Blob store ----

static bhashatts_status store_get(void* context, bhashatts_text name, bhashatts_reply* reply) {
  IN_GO(bhashatts_status, bgoStoreGet((uintptr_t)context, name, (uintptr_t)reply));
}

static bhashatts_status store_put(void* context, bhashatts_text name, const void* data, size_t size,
                                  const bhashatts_blob_labels* labels, int32_t* already_there) {
  IN_GO(bhashatts_status, bgoStorePut((uintptr_t)context, name, (void*)data, size,
                                      (bhashatts_blob_labels*)labels, already_there));
}

static bhashatts_status store_info(void* context, bhashatts_text name, uint64_t* size_bytes) {
  IN_GO(bhashatts_status, bgoStoreInfo((uintptr_t)context, name, size_bytes));
}

static bhashatts_status store_remove(void* context, bhashatts_text name) {
  IN_GO(bhashatts_status, bgoStoreRemove((uintptr_t)context, name));
}

static bhashatts_status store_list(void* context, bhashatts_text prefix, bhashatts_on_blob visit,
                                   bhashatts_visitor* visitor) {
  IN_GO(bhashatts_status,
        bgoStoreList((uintptr_t)context, prefix, (uintptr_t)visit, (uintptr_t)visitor));
}

static bhashatts_status store_url(void* context, bhashatts_text name, bhashatts_reply* reply) {
  IN_GO(bhashatts_status, bgoStoreURL((uintptr_t)context, name, (uintptr_t)reply));
}

static bhashatts_status store_path(void* context, bhashatts_text name, bhashatts_reply* reply) {
  IN_GO(bhashatts_status, bgoStorePath((uintptr_t)context, name, (uintptr_t)reply));
}

int32_t bgo_visit(uintptr_t visit, uintptr_t visitor, bhashatts_text name, uint64_t size) {
  return ((bhashatts_on_blob)visit)((bhashatts_visitor*)visitor, name, size);
}

static bhashatts_blob_store store_of(const bgo_plugin* plugin) {
  const bhashatts_blob_store store = {.struct_size = sizeof store,
                                      .context = (void*)plugin->context,
                                      .destroy = forget,
                                      .get = store_get,
                                      .put_if_absent = store_put,
                                      .info = store_info,
                                      .remove = store_remove,
                                      .list = store_list,
                                      .url = store_url,
                                      .local_path = store_path};
  return store;
}

// ---- Event sink ----

static bhashatts_status deliver(void* context, bhashatts_text events_json) {
  IN_GO(bhashatts_status, bgoDeliver((uintptr_t)context, events_json));
}

static bhashatts_event_sink sink_of(const bgo_plugin* plugin) {
  const bhashatts_event_sink sink = {.struct_size = sizeof sink,
                                     .context = (void*)plugin->context,
                                     .destroy = forget,
                                     .name = bhashatts_text_of(plugin->name),
                                     .deliver = deliver};
  return sink;
}

// ---- Open ----

// All structs of one open; the library copies them. On the stack: 6 KB.
typedef struct parts {
  bhashatts_synthesizer synthesizer;
  bhashatts_synthesizer fallbacks[BGO_MOST_PLUGINS];
  bhashatts_cache_tier tiers[BGO_MOST_PLUGINS];
  bhashatts_blob_store store;
  bhashatts_event_sink sinks[BGO_MOST_PLUGINS];
  const bhashatts_synthesizer* fallback_list[BGO_MOST_PLUGINS];
  const bhashatts_cache_tier* tier_list[BGO_MOST_PLUGINS];
  const bhashatts_event_sink* sink_list[BGO_MOST_PLUGINS];
} parts;

static void add(const bgo_plugin* plugin, parts* all, bhashatts_open_options* options) {
  size_t at = 0;
  switch (plugin->kind) {
    case BGO_SYNTHESIZER:
      all->synthesizer = synthesizer_of(plugin);
      options->synthesizer = &all->synthesizer;
      break;
    case BGO_FALLBACK:
      at = options->fallback_count++;
      all->fallbacks[at] = synthesizer_of(plugin);
      all->fallback_list[at] = &all->fallbacks[at];
      break;
    case BGO_TIER:
      at = options->tier_count++;
      all->tiers[at] = tier_of(plugin);
      all->tier_list[at] = &all->tiers[at];
      break;
    case BGO_STORE:
      all->store = store_of(plugin);
      options->blob_store = &all->store;
      break;
    case BGO_SINK:
      at = options->event_sink_count++;
      all->sinks[at] = sink_of(plugin);
      all->sink_list[at] = &all->sinks[at];
      break;
  }
}

bgo_handle bgo_open(uintptr_t config, const bgo_plugin* plugins, size_t count) {
  parts all;
  bhashatts_open_options options = BHASHATTS_OPEN_OPTIONS_INIT;
  options.config = (const bhashatts_config*)config;
  options.fallbacks = all.fallback_list;
  options.tiers = all.tier_list;
  options.event_sinks = all.sink_list;
  for (size_t i = 0; i < count; ++i) add(&plugins[i], &all, &options);
  bhashatts_engine* engine = NULL;
  const bhashatts_status status = bhashatts_engine_open(&options, &engine);
  const bgo_handle result = {bgo_done_of(status), (uintptr_t)engine};
  return result;
}

// ---- Progress ----

static void progress(void* context, const bhashatts_progress* at) {
  ++depth;
  bgoProgress((uintptr_t)context, (bhashatts_progress*)at);
  --depth;
}

static bgo_string report_of(bhashatts_status status, bhashatts_string* json) {
  bgo_string report = {bgo_done_of(status), (uintptr_t)json, NULL, 0};
  bhashatts_text text = {NULL, 0};
  if (json != NULL) bhashatts_string_view(json, &text);
  report.data = text.data;
  report.size = text.size;
  return report;
}

bgo_string bgo_prewarm(uintptr_t engine, bhashatts_text stories,
                       const bhashatts_prewarm_options* options, uintptr_t context) {
  bhashatts_prewarm_options given = *options;
  given.progress = context != 0 ? progress : NULL;
  given.progress_context = (void*)context;
  bhashatts_string* json = NULL;
  const bhashatts_status status =
      bhashatts_engine_prewarm((bhashatts_engine*)engine, stories, &given, &json);
  return report_of(status, json);
}

bgo_string bgo_import(uintptr_t engine, bhashatts_text path,
                      const bhashatts_import_options* options, uintptr_t context) {
  bhashatts_import_options given = *options;
  given.progress = context != 0 ? progress : NULL;
  given.progress_context = (void*)context;
  bhashatts_string* json = NULL;
  const bhashatts_status status =
      bhashatts_engine_import((bhashatts_engine*)engine, path, &given, &json);
  return report_of(status, json);
}

// ---- Log ----

static void log_line(void* context, bhashatts_log_level level, bhashatts_text component,
                     bhashatts_text message) {
  ++depth;
  bgoLog((uintptr_t)context, level, component, message);
  --depth;
}

bgo_done bgo_log_to(uintptr_t sink, int32_t least) {
  return bgo_done_of(sink == 0 ? bhashatts_set_log(NULL, least, NULL, NULL)
                               : bhashatts_set_log(log_line, least, (void*)sink, forget));
}

// ---- Replies ----

int32_t bgo_stop_requested(uintptr_t stop) {
  return bhashatts_stop_requested((const bhashatts_stop*)stop);
}

bgo_done bgo_give_bytes(uintptr_t reply, const void* data, size_t size) {
  return bgo_done_of(bhashatts_reply_bytes((bhashatts_reply*)reply, data, size));
}

bgo_done bgo_give_text(uintptr_t reply, bhashatts_text text) {
  return bgo_done_of(bhashatts_reply_text((bhashatts_reply*)reply, text));
}

bgo_done bgo_give_costs(uintptr_t reply, const bhashatts_synthesis_costs* costs) {
  return bgo_done_of(bhashatts_reply_costs((bhashatts_reply*)reply, costs));
}
