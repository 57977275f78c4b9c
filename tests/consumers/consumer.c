/* consumer.cpp again, in C11: a voice of the host's own, speech, the same speech from the cache,
 * and an error with its message. usage: consumer DATA_DIR
 */
#include <bhashatts/c.h>
#include <bhashatts/c_plugins.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { RATE = 16000, SYLLABLE = RATE / 5, SAMPLES = 5 * SYLLABLE, HEADER = 44 };

static void put(uint8_t* to, uint32_t number, int size) {
  for (int i = 0; i < size; ++i) to[i] = (uint8_t)(number >> (8 * i));
}

/* Five syllables of a buzz, each rising and falling, as a WAV file of 16 bit. */
static size_t tone(uint8_t* wav) {
  memcpy(wav, "RIFF____WAVEfmt ", 16);
  put(wav + 4, HEADER - 8 + 2 * SAMPLES, 4);
  put(wav + 16, 16, 4);
  put(wav + 20, 1, 2);
  put(wav + 22, 1, 2);
  put(wav + 24, RATE, 4);
  put(wav + 28, 2 * RATE, 4);
  put(wav + 32, 2, 2);
  put(wav + 34, 16, 2);
  memcpy(wav + 36, "data", 4);
  put(wav + 40, 2 * SAMPLES, 4);
  for (int i = 0; i < SAMPLES; ++i) {
    const int at = i % SYLLABLE;
    const int height = 4 * at * (SYLLABLE - at) / SYLLABLE; /* 0 to 3200 and back to 0 */
    const int sample = (i % 72 < 36 ? 2 : -2) * height;     /* 222 Hz */
    put(wav + HEADER + 2 * i, (uint32_t)sample, 2);
  }
  return HEADER + 2 * SAMPLES;
}

static bhashatts_status speak(void* context, const bhashatts_synthesis_request* wanted,
                              bhashatts_reply* reply) {
  uint8_t* wav = malloc(HEADER + 2 * SAMPLES);
  bhashatts_status status = BHASHATTS_INTERNAL;
  (void)wanted;
  ++*(int*)context;
  if (wav != NULL) status = bhashatts_reply_bytes(reply, wav, tone(wav));
  free(wav);
  return status;
}

static bhashatts_status identity(void* context, bhashatts_reply* reply) {
  (void)context;
  return bhashatts_reply_text(reply, bhashatts_text_of("tone/1"));
}

static bhashatts_status limits(void* context, bhashatts_synthesizer_limits* limits) {
  (void)context;
  limits->concurrency = 2;
  return BHASHATTS_OK;
}

static int failed(const char* what) {
  fprintf(stderr, "%s: %s\n", what, bhashatts_error_message());
  return 1;
}

static int say(bhashatts_engine* engine, const char* text, bhashatts_origin* origin) {
  bhashatts_request request = BHASHATTS_REQUEST_INIT;
  bhashatts_speech_info info = BHASHATTS_SPEECH_INFO_INIT;
  bhashatts_speech* speech = NULL;
  bhashatts_status status;
  request.text = bhashatts_text_of(text);
  status = bhashatts_engine_synthesize(engine, &request, &speech);
  if (status != BHASHATTS_OK) return status;
  bhashatts_speech_get_info(speech, &info);
  *origin = info.origin;
  return bhashatts_speech_destroy(speech);
}

static int try_out(bhashatts_engine* engine, const int* calls) {
  bhashatts_origin origin = 0;
  if (say(engine, "नमस्ते बच्चों", &origin) != BHASHATTS_OK) return failed("first speech");
  if (origin != BHASHATTS_FROM_SYNTHESIZED) return failed("the first speech was not made");
  if (say(engine, "नमस्ते बच्चों", &origin) != BHASHATTS_OK) return failed("second speech");
  if (origin == BHASHATTS_FROM_SYNTHESIZED || *calls != 1) return failed("it was made twice");
  if (say(engine, "  ", &origin) != BHASHATTS_TEXT_EMPTY) return failed("an empty text was spoken");
  return 0;
}

int main(int argc, char** argv) {
  int calls = 0;
  int wrong;
  bhashatts_config* config = NULL;
  bhashatts_engine* engine = NULL;
  bhashatts_synthesizer voice = BHASHATTS_SYNTHESIZER_INIT;
  bhashatts_open_options options = BHASHATTS_OPEN_OPTIONS_INIT;
  if (argc != 2) return failed("usage: consumer DATA_DIR");
  voice.context = &calls;
  voice.identity = identity;
  voice.limits = limits;
  voice.synthesize = speak;
  if (bhashatts_config_create(&config) != BHASHATTS_OK ||
      bhashatts_config_set(config, bhashatts_text_of("data_dir"), bhashatts_text_of(argv[1])) !=
          BHASHATTS_OK)
    return failed("settings");
  options.config = config;
  options.synthesizer = &voice;
  if (bhashatts_engine_open(&options, &engine) != BHASHATTS_OK) return failed("open");
  wrong = try_out(engine, &calls);
  bhashatts_engine_destroy(engine);
  bhashatts_config_destroy(config);
  return wrong;
}
