/* Where every field of every public struct lies, by hand: a change here is a change of the ABI. */
#include <bhashatts/c.h>
#include <bhashatts/c_library.h>
#include <bhashatts/c_plugins.h>

#define AT(type, field, offset) \
  _Static_assert(offsetof(bhashatts_##type, field) == (offset), #type "." #field " moved")
#define SIZE(type, size) _Static_assert(sizeof(bhashatts_##type) == (size), #type " grew or shrank")

AT(text, data, 0);
AT(text, size, 8);
SIZE(text, 16);

AT(open_options, struct_size, 0);
AT(open_options, config, 8);
AT(open_options, synthesizer, 16);
AT(open_options, fallbacks, 24);
AT(open_options, fallback_count, 32);
AT(open_options, tiers, 40);
AT(open_options, tier_count, 48);
AT(open_options, blob_store, 56);
AT(open_options, event_sinks, 64);
AT(open_options, event_sink_count, 72);
SIZE(open_options, 80);

AT(request, struct_size, 0);
AT(request, text, 8);
AT(request, language, 24);
AT(request, voice_style, 40);
AT(request, format, 56);
AT(request, no_fallback, 60);
AT(request, timeout_ms, 64);
AT(request, cancel, 72);
AT(request, user_id, 80);
AT(request, story_id, 96);
AT(request, page_number, 112);
SIZE(request, 120);

AT(speech_info, struct_size, 0);
AT(speech_info, cache_key, 8);
AT(speech_info, format, 44);
AT(speech_info, origin, 48);
AT(speech_info, cached, 52);
AT(speech_info, fallback, 56);
AT(speech_info, sample_rate, 60);
AT(speech_info, duration_ms, 64);
AT(speech_info, cost_micro_usd, 72);
AT(speech_info, generation_time_ms, 80);
AT(speech_info, generation_cost_micro_usd, 88);
AT(speech_info, created_at, 96);
AT(speech_info, take, 104);
AT(speech_info, utterances, 108);
AT(speech_info, language, 112);
AT(speech_info, voice_style, 128);
AT(speech_info, synthesizer, 144);
SIZE(speech_info, 160);

AT(stream_place, struct_size, 0);
AT(stream_place, number, 8);
AT(stream_place, count, 16);
AT(stream_place, pause_after_ms, 24);
SIZE(stream_place, 32);

AT(timing, struct_size, 0);
AT(timing, start_ms, 8);
AT(timing, end_ms, 16);
AT(timing, begin, 24);
AT(timing, end, 28);
AT(timing, begin_utf16, 32);
AT(timing, end_utf16, 36);
SIZE(timing, 40);

AT(progress, struct_size, 0);
AT(progress, total, 8);
AT(progress, done, 16);
AT(progress, cached, 24);
AT(progress, made, 32);
AT(progress, rejected, 40);
AT(progress, failed, 48);
AT(progress, elapsed_ms, 56);
SIZE(progress, 64);

AT(prewarm_options, struct_size, 0);
AT(prewarm_options, language, 8);
AT(prewarm_options, story_id, 24);
AT(prewarm_options, limit, 40);
AT(prewarm_options, voice_style, 48);
AT(prewarm_options, format, 64);
AT(prewarm_options, concurrency, 68);
AT(prewarm_options, dry_run, 72);
AT(prewarm_options, cancel, 80);
AT(prewarm_options, progress, 88);
AT(prewarm_options, progress_context, 96);
SIZE(prewarm_options, 104);

AT(import_options, struct_size, 0);
AT(import_options, language, 8);
AT(import_options, limit, 24);
AT(import_options, prefix, 32);
AT(import_options, directory, 48);
AT(import_options, same_description, 64);
AT(import_options, concurrency, 68);
AT(import_options, dry_run, 72);
AT(import_options, cancel, 80);
AT(import_options, progress, 88);
AT(import_options, progress_context, 96);
SIZE(import_options, 104);

AT(reject_report, struct_size, 0);
AT(reject_report, rejected, 8);
AT(reject_report, next_take, 44);
AT(reject_report, speeches_dropped, 48);
SIZE(reject_report, 56);

AT(forget_report, struct_size, 0);
AT(forget_report, speeches, 8);
AT(forget_report, utterances, 16);
AT(forget_report, usage_events, 24);
SIZE(forget_report, 32);

AT(clear_options, struct_size, 0);
AT(clear_options, all, 8);
AT(clear_options, dry_run, 12);
AT(clear_options, language, 16);
SIZE(clear_options, 32);

AT(clear_report, struct_size, 0);
AT(clear_report, cache_entries, 8);
AT(clear_report, blobs, 16);
AT(clear_report, records, 24);
SIZE(clear_report, 32);

AT(synthesis_costs, struct_size, 0);
AT(synthesis_costs, compute_ms, 8);
AT(synthesis_costs, cost_micro_usd, 16);
AT(synthesis_costs, request_id, 24);
AT(synthesis_costs, model_revision, 40);
SIZE(synthesis_costs, 56);

AT(synthesis_request, struct_size, 0);
AT(synthesis_request, text, 8);
AT(synthesis_request, language, 24);
AT(synthesis_request, voice_style, 40);
AT(synthesis_request, description, 56);
AT(synthesis_request, take, 72);
AT(synthesis_request, attempt, 76);
AT(synthesis_request, timeout_ms, 80);
AT(synthesis_request, stop, 88);
_Static_assert(_Generic(((bhashatts_synthesis_request*)0)->stop, const bhashatts_stop* : 1,
                        default : 0),
               "a stop has a type of its own");
_Static_assert(_Generic((bhashatts_on_blob)0,
                        int32_t (*)(bhashatts_visitor*, bhashatts_text, uint64_t) : 1, default : 0),
               "a visitor has a type of its own");
SIZE(synthesis_request, 96);

AT(synthesizer_limits, struct_size, 0);
AT(synthesizer_limits, max_aksharas, 8);
AT(synthesizer_limits, concurrency, 12);
AT(synthesizer_limits, max_cost_micro_usd, 16);
SIZE(synthesizer_limits, 24);

AT(synthesizer, struct_size, 0);
AT(synthesizer, context, 8);
AT(synthesizer, destroy, 16);
AT(synthesizer, identity, 24);
AT(synthesizer, limits, 32);
AT(synthesizer, synthesize, 40);
AT(synthesizer, status, 48);
SIZE(synthesizer, 56);

AT(cache_tier, struct_size, 0);
AT(cache_tier, context, 8);
AT(cache_tier, destroy, 16);
AT(cache_tier, name, 24);
AT(cache_tier, get, 40);
AT(cache_tier, put, 48);
AT(cache_tier, erase, 56);
AT(cache_tier, clear, 64);
SIZE(cache_tier, 72);

AT(blob_labels, struct_size, 0);
AT(blob_labels, media_type, 8);
AT(blob_labels, identity, 24);
AT(blob_labels, duration_ms, 40);
SIZE(blob_labels, 48);

AT(blob_store, struct_size, 0);
AT(blob_store, context, 8);
AT(blob_store, destroy, 16);
AT(blob_store, get, 24);
AT(blob_store, put_if_absent, 32);
AT(blob_store, info, 40);
AT(blob_store, remove, 48);
AT(blob_store, list, 56);
AT(blob_store, url, 64);
AT(blob_store, local_path, 72);
SIZE(blob_store, 80);

AT(event_sink, struct_size, 0);
AT(event_sink, context, 8);
AT(event_sink, destroy, 16);
AT(event_sink, name, 24);
AT(event_sink, deliver, 40);
SIZE(event_sink, 48);
