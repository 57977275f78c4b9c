/* Fifty pages in six languages that eight threads want at once, from a voice written in C: each
 * utterance is made once, and all hear the same. usage: pages_test DIRECTORY PAGES.tsv
 */
#include <pthread.h>

#include "plain_voice.h"

enum { THREADS = 8, MOST_PAGES = 500, MOST_TEXTS = 4000 };

/* ---- A voice that remembers what it said ------------------------------------------------------*/
typedef struct {
  pthread_mutex_t mutex;
  char* said[MOST_TEXTS];
  int count;
} voice;

static bhashatts_status identity(void* context, bhashatts_reply* reply) {
  (void)context;
  return bhashatts_reply_text(reply, bhashatts_text_of("plain-c/pages@1"));
}

static bhashatts_status limits(void* context, bhashatts_synthesizer_limits* limits) {
  (void)context;
  limits->max_aksharas = 50;
  limits->concurrency = 4;
  return BHASHATTS_OK;
}

static void remember(voice* mine, const bhashatts_synthesis_request* request) {
  const size_t language = request->language.size;
  char* said = calloc(1, language + 1 + request->text.size + 1);
  REQUIRE(said != NULL);
  memcpy(said, request->language.data, language);
  said[language] = '\t';
  memcpy(said + language + 1, request->text.data, request->text.size);
  REQUIRE(!pthread_mutex_lock(&mine->mutex));
  REQUIRE(mine->count < MOST_TEXTS);
  mine->said[mine->count++] = said;
  REQUIRE(!pthread_mutex_unlock(&mine->mutex));
}

static bhashatts_status synthesize(void* context, const bhashatts_synthesis_request* request,
                                   bhashatts_reply* reply) {
  remember(context, request);
  return reply_with_tone(reply, request->text);
}

static int by_text(const void* left, const void* right) {
  return strcmp(*(char* const*)left, *(char* const*)right);
}

static void require_each_once(voice* mine) {
  qsort(mine->said, (size_t)mine->count, sizeof mine->said[0], by_text);
  for (int i = 1; i < mine->count; ++i) REQUIRE(strcmp(mine->said[i - 1], mine->said[i]) != 0);
}

static void forget(voice* mine) {
  for (int i = 0; i < mine->count; ++i) free(mine->said[i]);
  REQUIRE(!pthread_mutex_destroy(&mine->mutex));
}

/* ---- Pages: a line each, its language, a tab, its text ----------------------------------------*/
typedef struct {
  char* bytes;
  bhashatts_text language[MOST_PAGES];
  bhashatts_text text[MOST_PAGES];
  int count;
} book;

static void add_page(book* to, char* line) {
  char* tab = strchr(line, '\t');
  REQUIRE(tab != NULL && to->count < MOST_PAGES);
  *tab = 0;
  to->language[to->count] = bhashatts_text_of(line);
  to->text[to->count++] = bhashatts_text_of(tab + 1);
}

static void read_book(book* to, const char* path) {
  FILE* file = fopen(path, "rb");
  long size = 0;
  REQUIRE(file != NULL && fseek(file, 0, SEEK_END) == 0);
  size = ftell(file);
  rewind(file);
  to->bytes = calloc(1, (size_t)size + 1);
  REQUIRE(to->bytes != NULL && fread(to->bytes, 1, (size_t)size, file) == (size_t)size);
  REQUIRE(fclose(file) == 0);
  for (char* line = strtok(to->bytes, "\n"); line != NULL; line = strtok(NULL, "\n"))
    add_page(to, line);
}

/* ---- Listeners --------------------------------------------------------------------------------*/
typedef struct {
  pthread_t thread;
  bhashatts_engine* engine;
  const book* pages;
  char keys[MOST_PAGES][33];
  size_t sizes[MOST_PAGES];
} listener;

static void hear(listener* me, int page) {
  bhashatts_request request = BHASHATTS_REQUEST_INIT;
  bhashatts_speech_info info = BHASHATTS_SPEECH_INFO_INIT;
  bhashatts_speech* speech = NULL;
  const uint8_t* audio = NULL;
  request.language = me->pages->language[page];
  request.text = me->pages->text[page];
  REQUIRE(!bhashatts_engine_synthesize(me->engine, &request, &speech));
  REQUIRE(!bhashatts_speech_get_info(speech, &info));
  REQUIRE(!bhashatts_speech_audio(speech, &audio, &me->sizes[page]));
  REQUIRE(memcmp(audio, "RIFF", 4) == 0);
  memcpy(me->keys[page], info.cache_key, 33);
  REQUIRE(!bhashatts_speech_destroy(speech));
}

/* All begin at the same page, so that they ask for it together. */
static void* listen_to_all(void* given) {
  listener* me = given;
  for (int i = 0; i < me->pages->count; ++i) hear(me, i);
  return NULL;
}

static void listen_together(bhashatts_engine* engine, const book* pages, listener* all) {
  for (int i = 0; i < THREADS; ++i) {
    all[i].engine = engine;
    all[i].pages = pages;
    REQUIRE(!pthread_create(&all[i].thread, NULL, listen_to_all, &all[i]));
  }
  for (int i = 0; i < THREADS; ++i) REQUIRE(!pthread_join(all[i].thread, NULL));
  for (int i = 1; i < THREADS; ++i) {
    REQUIRE(memcmp(all[i].keys, all[0].keys, sizeof all[0].keys) == 0);
    REQUIRE(memcmp(all[i].sizes, all[0].sizes, sizeof all[0].sizes) == 0);
  }
}

static bhashatts_engine* open_engine(voice* mine, const char* directory) {
  bhashatts_synthesizer part = BHASHATTS_SYNTHESIZER_INIT;
  bhashatts_open_options options = BHASHATTS_OPEN_OPTIONS_INIT;
  bhashatts_config* config = NULL;
  bhashatts_engine* engine = NULL;
  part.context = mine;
  part.identity = identity;
  part.limits = limits;
  part.synthesize = synthesize;
  REQUIRE(!bhashatts_config_create(&config));
  REQUIRE(
      !bhashatts_config_set(config, bhashatts_text_of("data_dir"), bhashatts_text_of(directory)));
  options.config = config;
  options.synthesizer = &part;
  REQUIRE(!bhashatts_engine_open(&options, &engine));
  REQUIRE(!bhashatts_config_destroy(config));
  return engine;
}

int main(int argc, char** argv) {
  static voice mine = {PTHREAD_MUTEX_INITIALIZER, {NULL}, 0};
  static book pages;
  static listener listeners[THREADS];
  bhashatts_engine* engine = NULL;
  REQUIRE(argc == 3);
  read_book(&pages, argv[2]);
  REQUIRE(pages.count >= 50);
  engine = open_engine(&mine, argv[1]);
  listen_together(engine, &pages, listeners);
  require_each_once(&mine);
  REQUIRE(mine.count > pages.count);
  REQUIRE(!bhashatts_engine_destroy(engine));
  printf("%d pages, %d utterances, each made once\n", pages.count, mine.count);
  forget(&mine);
  free(pages.bytes);
  return 0;
}
