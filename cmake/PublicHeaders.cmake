# The headers of include/bhashatts, by name: what is installed and what is promised. A header that
# stands in the directory but not here fails the layout test.
set(BHASHATTS_PUBLIC_HEADERS
  audio.h
  blob_store.h
  bytes.h
  c.h
  c_library.h
  c_plugins.h
  cache_tier.h
  config.h
  engine.h
  error.h
  event_sink.h
  export.h
  import.h
  json.h
  key.h
  log.h
  parts.h
  reports.h
  speech.h
  stories.h
  stream.h
  synthesizer.h
  text.h
  timings.h
  voices.h)
