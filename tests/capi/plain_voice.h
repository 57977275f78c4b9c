/* What the tests in C share: how a line that is wrong is said, and a voice. */
#pragma once

#include <bhashatts/c.h>
#include <bhashatts/c_plugins.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define REQUIRE(condition)                                               \
  do {                                                                   \
    if (!(condition)) {                                                  \
      fprintf(stderr, "%s:%d: %s\n%s\n", __FILE__, __LINE__, #condition, \
              bhashatts_error_message());                                \
      exit(1);                                                           \
    }                                                                    \
  } while (0)

enum { RATE = 8000 };

static inline void put_number(unsigned char* at, unsigned long number, int bytes) {
  for (int i = 0; i < bytes; ++i) at[i] = (unsigned char)(number >> (8 * i));
}

/* Six syllables a second, and quiet at the end: what the gate takes for speech. */
static inline short sample_at(size_t i, size_t count) {
  const double t = (double)i / RATE;
  const double swell = sin(3.14159265 * fmod(t, 1.0 / 6) * 6);
  const int noise = (int)(i * 7919 % 31) - 15;
  if (i + RATE / 12 > count) return (short)noise;
  return (short)(noise + 9000 * swell * sin(6.2831853 * 180 * t));
}

static inline size_t put_wav_header(unsigned char* wav, size_t count) {
  const size_t size = 44 + 2 * count;
  memcpy(wav, "RIFF....WAVEfmt ", 16);
  put_number(wav + 4, (unsigned long)size - 8, 4);
  put_number(wav + 16, 16, 4);
  put_number(wav + 20, 1, 2);
  put_number(wav + 22, 1, 2);
  put_number(wav + 24, RATE, 4);
  put_number(wav + 28, RATE * 2, 4);
  put_number(wav + 32, 2, 2);
  put_number(wav + 34, 16, 2);
  memcpy(wav + 36, "data", 4);
  put_number(wav + 40, (unsigned long)(2 * count), 4);
  return size;
}

/* As long as the text should take: a letter of an Indian script has three bytes. */
static inline bhashatts_status reply_with_tone(bhashatts_reply* reply, bhashatts_text text) {
  const size_t count = (size_t)(RATE * (0.3 + 0.055 * (double)text.size / 3 * 1.6));
  unsigned char* wav = calloc(1, 44 + 2 * count);
  REQUIRE(wav != NULL);
  for (size_t i = 0; i < count; ++i)
    put_number(wav + 44 + 2 * i, (unsigned short)sample_at(i, count), 2);
  return bhashatts_reply_owned_bytes(reply, wav, put_wav_header(wav, count), free, wav);
}
