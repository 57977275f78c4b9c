/* The C API as C11 sees it, from a voice, a tier, a store and a sink written in C to the speech
 * that they make and keep. usage: plain_c_test DIRECTORY. Prints the line that is wrong, and
 * returns 1.
 */
#include "plain_voice.h"

enum { MOST = 16 };

/* ---- A place for named bytes: the tier's and the store's -------------------------------------*/
typedef struct {
  char name[200];
  void* data;
  size_t size;
} item;

typedef struct {
  item items[MOST];
  int count;
  int destroyed;
} box;

static item* find(box* in, bhashatts_text name) {
  for (int i = 0; i < in->count; ++i) {
    item* one = &in->items[i];
    if (strlen(one->name) == name.size && memcmp(one->name, name.data, name.size) == 0) return one;
  }
  return NULL;
}

static bhashatts_status keep(box* in, bhashatts_text name, const void* data, size_t size) {
  item* one = find(in, name);
  if (one == NULL) {
    if (in->count == MOST || name.size >= sizeof one->name) return BHASHATTS_STORAGE_FULL;
    one = &in->items[in->count++];
    memcpy(one->name, name.data, name.size);
  }
  free(one->data);
  one->data = malloc(size + 1);
  one->size = size;
  memcpy(one->data, data, size);
  return BHASHATTS_OK;
}

static void drop(box* in, item* one) {
  free(one->data);
  *one = in->items[--in->count];
  memset(&in->items[in->count], 0, sizeof(item));
}

static void destroy_box(void* context) {
  box* all = context;
  while (all->count > 0) drop(all, &all->items[0]);
  ++all->destroyed;
}

static bhashatts_status get(void* context, bhashatts_text name, bhashatts_reply* reply) {
  const item* one = find(context, name);
  return one == NULL ? BHASHATTS_NOT_FOUND : bhashatts_reply_bytes(reply, one->data, one->size);
}

static bhashatts_status forget(void* context, bhashatts_text name) {
  item* one = find(context, name);
  if (one != NULL) drop(context, one);
  return BHASHATTS_OK;
}

/* ---- Tier -------------------------------------------------------------------------------------*/
static bhashatts_status tier_put(void* context, bhashatts_text key, bhashatts_text language,
                                 const void* value, size_t size, int64_t ttl_seconds) {
  (void)language;
  (void)ttl_seconds;
  return keep(context, key, value, size);
}

static bhashatts_status tier_clear(void* context, bhashatts_text language, int32_t count_only,
                                   int64_t* entries) {
  box* all = context;
  (void)language;
  *entries = all->count;
  while (!count_only && all->count > 0) drop(all, &all->items[0]);
  return BHASHATTS_OK;
}

/* ---- Store ------------------------------------------------------------------------------------*/
static bhashatts_status store_put(void* context, bhashatts_text name, const void* data, size_t size,
                                  const bhashatts_blob_labels* labels, int32_t* already_there) {
  REQUIRE(labels->struct_size == sizeof *labels);
  *already_there = find(context, name) != NULL;
  return *already_there ? BHASHATTS_OK : keep(context, name, data, size);
}

static bhashatts_status store_info(void* context, bhashatts_text name, uint64_t* size_bytes) {
  const item* one = find(context, name);
  if (one == NULL) return BHASHATTS_NOT_FOUND;
  *size_bytes = one->size;
  return BHASHATTS_OK;
}

static bhashatts_status store_list(void* context, bhashatts_text prefix, bhashatts_on_blob visit,
                                   bhashatts_visitor* visitor) {
  box* all = context;
  for (int i = 0; i < all->count; ++i) {
    const item* one = &all->items[i];
    if (strncmp(one->name, prefix.data, prefix.size) != 0) continue;
    if (!visit(visitor, bhashatts_text_of(one->name), one->size)) break;
  }
  return BHASHATTS_OK;
}

static bhashatts_status store_url(void* context, bhashatts_text name, bhashatts_reply* reply) {
  char url[300];
  (void)context;
  snprintf(url, sizeof url, "c://%.*s", (int)name.size, name.data);
  return bhashatts_reply_text(reply, bhashatts_text_of(url));
}

/* ---- Sink -------------------------------------------------------------------------------------*/
static bhashatts_status deliver(void* context, bhashatts_text events_json) {
  int* deliveries = context;
  REQUIRE(events_json.size > 2 && events_json.data[0] == '[');
  ++*deliveries;
  return BHASHATTS_OK;
}

/* ---- Voice ------------------------------------------------------------------------------------*/
typedef struct {
  int calls;
  int destroyed;
} voice;

static void destroy_voice(void* context) { ++((voice*)context)->destroyed; }

static bhashatts_status identity(void* context, bhashatts_reply* reply) {
  (void)context;
  return bhashatts_reply_text(reply, bhashatts_text_of("plain-c/voice@1"));
}

static bhashatts_status limits(void* context, bhashatts_synthesizer_limits* limits) {
  (void)context;
  REQUIRE(limits->concurrency == 1);
  return BHASHATTS_OK;
}

static bhashatts_status synthesize(void* context, const bhashatts_synthesis_request* request,
                                   bhashatts_reply* reply) {
  ++((voice*)context)->calls;
  REQUIRE(!bhashatts_stop_requested(request->stop));
  return reply_with_tone(reply, request->text);
}

/* ---- The test ---------------------------------------------------------------------------------*/
typedef struct {
  voice voice;
  box tier;
  box store;
  int deliveries;
} host;

static bhashatts_engine* open_engine(host* of, const char* directory) {
  const bhashatts_synthesizer voice_part = {
      sizeof voice_part, &of->voice, destroy_voice, identity, limits, synthesize, NULL};
  const bhashatts_cache_tier tier = {sizeof tier, &of->tier, destroy_box, {"box", 3},
                                     get,         tier_put,  forget,      tier_clear};
  const bhashatts_blob_store store = {sizeof store, &of->store, destroy_box, get,       store_put,
                                      store_info,   forget,     store_list,  store_url, NULL};
  const bhashatts_event_sink sink = {sizeof sink, &of->deliveries, NULL, {"count", 5}, deliver};
  const bhashatts_cache_tier* const tiers[] = {&tier};
  const bhashatts_event_sink* const sinks[] = {&sink};
  bhashatts_open_options options = BHASHATTS_OPEN_OPTIONS_INIT;
  bhashatts_config* config = NULL;
  bhashatts_engine* engine = NULL;
  REQUIRE(!bhashatts_config_create(&config));
  REQUIRE(
      !bhashatts_config_set(config, bhashatts_text_of("data_dir"), bhashatts_text_of(directory)));
  REQUIRE(!bhashatts_config_set_json(
      config,
      bhashatts_text_of("{\"catalog_map_bytes\":268435456,\"cache_map_bytes\":268435456}")));
  options.config = config;
  options.synthesizer = &voice_part;
  options.tiers = tiers;
  options.tier_count = 1;
  options.blob_store = &store;
  options.event_sinks = sinks;
  options.event_sink_count = 1;
  REQUIRE(!bhashatts_engine_open(&options, &engine));
  REQUIRE(!bhashatts_config_destroy(config));
  return engine;
}

static bhashatts_request page(void) {
  bhashatts_request request = BHASHATTS_REQUEST_INIT;
  request.text = bhashatts_text_of("बादल गरजे और मोर नाच उठा।");
  request.story_id = bhashatts_text_of("moon");
  request.page_number = 1;
  return request;
}

static bhashatts_origin speak(bhashatts_engine* engine) {
  const bhashatts_request request = page();
  bhashatts_speech_info info = BHASHATTS_SPEECH_INFO_INIT;
  bhashatts_speech* speech = NULL;
  const uint8_t* data = NULL;
  size_t size = 0;
  REQUIRE(!bhashatts_engine_synthesize(engine, &request, &speech));
  REQUIRE(!bhashatts_speech_get_info(speech, &info));
  REQUIRE(!bhashatts_speech_audio(speech, &data, &size));
  REQUIRE(size > 44 && memcmp(data, "RIFF", 4) == 0);
  REQUIRE(strlen(info.cache_key) == 32);
  REQUIRE(!bhashatts_speech_destroy(speech));
  REQUIRE(bhashatts_speech_destroy(speech) == BHASHATTS_BAD_REQUEST);
  return info.origin;
}

static void look_round(bhashatts_engine* engine) {
  bhashatts_string* string = NULL;
  bhashatts_text text = {NULL, 0};
  REQUIRE(!bhashatts_engine_flush(engine));
  REQUIRE(!bhashatts_engine_story_page_url(engine, bhashatts_text_of("moon"), 1, text, &string));
  REQUIRE(!bhashatts_string_view(string, &text));
  REQUIRE(strncmp(text.data, "c://audio/", 10) == 0);
  REQUIRE(!bhashatts_string_destroy(string));
  REQUIRE(!bhashatts_engine_stats(engine, &string));
  REQUIRE(!bhashatts_string_destroy(string));
}

int main(int argc, char** argv) {
  static host first;
  bhashatts_engine* engine = NULL;
  REQUIRE(argc == 2);
  engine = open_engine(&first, argv[1]);
  REQUIRE(speak(engine) == BHASHATTS_FROM_SYNTHESIZED);
  REQUIRE(speak(engine) == BHASHATTS_FROM_MEMORY);
  look_round(engine);
  REQUIRE(first.voice.calls == 1);
  REQUIRE(first.tier.count >= 1);
  REQUIRE(first.store.count >= 2);
  REQUIRE(first.deliveries >= 1);
  REQUIRE(!bhashatts_engine_destroy(engine));
  REQUIRE(first.voice.destroyed == 1 && first.tier.destroyed == 1 && first.store.destroyed == 1);
  REQUIRE(bhashatts_engine_flush(engine) == BHASHATTS_BAD_REQUEST);
  puts("plain C is well");
  return 0;
}
