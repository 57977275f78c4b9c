/* Compiles without -DWRONG=1, and must not with it: handles are distinct types. */
#include <bhashatts/c.h>

bhashatts_status flushed(bhashatts_engine* engine, bhashatts_speech* speech);

bhashatts_status flushed(bhashatts_engine* engine, bhashatts_speech* speech) {
#if WRONG
  (void)engine;
  return bhashatts_engine_flush(speech);
#else
  (void)speech;
  return bhashatts_engine_flush(engine);
#endif
}
