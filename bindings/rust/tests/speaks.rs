//! What a host does with an engine.

mod support;

use std::collections::HashSet;
use std::time::Duration;

use bhashatts::{Code, Format, Origin, Request};
use support::{leak_free, number, pages, request, room, PAGE};

#[test]
fn eight_threads_hear_fifty_pages_and_each_utterance_is_made_once() {
    let _leaks = leak_free();
    let room = room();
    let (engine, pages) = (&room.engine, &pages());
    std::thread::scope(|threads| {
        for first in 0..8 {
            threads.spawn(move || {
                for n in 0..pages.len() {
                    let page = &pages[(first * 7 + n) % pages.len()];
                    let speech = engine.synthesize(&request(page)).unwrap();
                    assert!(speech.audio().len() > 1_000);
                }
            });
        }
    });
    let spoken = room.voice.spoken();
    let distinct: HashSet<_> = spoken.iter().collect();
    assert_eq!(spoken.len(), distinct.len());
    assert!(spoken.len() > pages.len(), "{} utterances", spoken.len());
    let stats = engine.stats().unwrap();
    assert_eq!(number(stats.as_json(), "utterances_synthesized") as usize, distinct.len());
}

#[test]
fn a_page_is_made_once_and_kept() {
    let _leaks = leak_free();
    let room = room();
    let request = Request::new(PAGE).format(Format::Flac).voice_style("storyteller");
    assert!(room.engine.lookup(&request).unwrap().is_none());
    let first = room.engine.synthesize(&request).unwrap();
    let again = room.engine.lookup(&request).unwrap().unwrap();
    assert!(first.audio() == again.audio());
    assert!(first.as_ref().starts_with(b"fLaC"));
    assert_eq!(first.info().origin, Some(Origin::Synthesized));
    assert!(again.info().cached && !first.info().cached);
    assert_eq!(first.info().cache_key, again.info().cache_key);
}

#[test]
fn a_speech_tells_what_is_known_of_it() {
    let _leaks = leak_free();
    let room = room();
    let speech = room.engine.synthesize(&Request::new(PAGE)).unwrap();
    let info = speech.info();
    assert_eq!((info.language, info.voice_style), ("HINDI", "storyteller"));
    assert_eq!(info.synthesizer, "test/voice@1");
    assert_eq!((info.format, info.utterances, info.take), (Some(Format::Wav), 2, 0));
    assert_eq!(info.cache_key.as_str().len(), 32);
    assert!(info.duration > Duration::from_secs(1) && info.sample_rate >= 8_000);
    assert!(info.created_at.elapsed().unwrap() < Duration::from_secs(60));
}

#[test]
fn a_speech_outlives_its_engine() {
    let _leaks = leak_free();
    let room = room();
    let speech = room.engine.synthesize(&Request::new(PAGE)).unwrap();
    let before = speech.audio().to_vec();
    drop(room);
    assert!(speech.audio() == before);
    assert_eq!(speech.info().language, "HINDI");
    std::thread::spawn(move || assert!(speech.audio().starts_with(b"RIFF"))).join().unwrap();
}

#[test]
fn a_stream_gives_each_utterance_in_order_and_ends() {
    let _leaks = leak_free();
    let room = room();
    let mut stream = room.engine.stream(&Request::new(PAGE)).unwrap();
    let first = stream.next().unwrap().unwrap();
    assert_eq!((first.number, first.count), (0, 2));
    assert!(first.pause_after > Duration::ZERO);
    let second = stream.next().unwrap().unwrap();
    assert!(second.number == 1 && second.speech.audio().starts_with(b"RIFF"));
    assert!(stream.next().is_none() && stream.next().is_none());
    room.engine.flush().unwrap();
    assert!(room.engine.lookup(&Request::new(PAGE)).unwrap().is_some());
}

#[test]
fn timings_say_when_what_is_heard() {
    let _leaks = leak_free();
    let room = room();
    let request = Request::new(PAGE);
    let speech = room.engine.synthesize(&request).unwrap();
    let timings = room.engine.timings(&request, &speech).unwrap();
    let utterances = timings.utterances().unwrap();
    assert_eq!(utterances.len(), 2);
    let chars = utterances[1].chars.clone();
    let heard: String = PAGE.chars().skip(chars.start as usize).take(chars.len()).collect();
    assert_eq!(heard.trim(), "पेड़ पर बैठी छोटी चिड़िया मीठा गाना गाने लगी।");
    assert_eq!(&PAGE[utterances[1].bytes.clone()], heard);
    assert!(utterances[0].end <= utterances[1].start);
    assert_eq!(timings.words().unwrap().len(), 17);
    assert!(timings.to_webvtt(PAGE).unwrap().starts_with("WEBVTT"));
    assert!(timings.to_json().unwrap().contains("\"words\""));
}

#[test]
fn a_rejected_take_is_made_anew_and_a_forgotten_text_is_gone() {
    let _leaks = leak_free();
    let room = room();
    let request = Request::new("नमस्ते बच्चों।").user_id("asha");
    let first = room.engine.synthesize(&request).unwrap();
    let rejected = room.engine.reject(&request).unwrap();
    assert_eq!((rejected.next_take, rejected.speeches_dropped), (1, 1));
    let second = room.engine.synthesize(&request).unwrap();
    assert_eq!(second.info().take, 1);
    assert!(first.audio() != second.audio());
    room.engine.flush().unwrap();
    assert!(room.engine.forget_user("asha").unwrap().usage_events >= 1);
    assert_eq!(room.engine.forget_text("नमस्ते बच्चों।").unwrap().speeches, 1);
    assert!(room.engine.lookup(&request).unwrap().is_none());
}

#[test]
fn clearing_counts_first_and_removes_then() {
    let _leaks = leak_free();
    let room = room();
    let request = Request::new(PAGE);
    room.engine.synthesize(&request).unwrap();
    room.engine.flush().unwrap();
    let all = bhashatts::ClearOptions { all: true, ..Default::default() };
    let dry = bhashatts::ClearOptions { dry_run: true, ..all };
    let tamil = bhashatts::ClearOptions { language: Some("TAMIL"), ..all };
    assert_eq!(room.engine.clear(&tamil).unwrap().records, 0);
    let would = room.engine.clear(&dry).unwrap();
    assert!(would.blobs >= 1 && room.engine.lookup(&request).unwrap().is_some());
    assert_eq!(room.engine.clear(&all).unwrap().records, would.records);
    assert!(room.engine.lookup(&request).unwrap().is_none());
}

#[test]
fn urls_are_there_for_what_is_stored() {
    let _leaks = leak_free();
    let room = room();
    let page = Request::new(PAGE).page("chidiya", 1);
    assert_eq!(room.engine.story_page_url("chidiya", 1, None).unwrap(), None);
    let speech = room.engine.synthesize(&page).unwrap();
    room.engine.flush().unwrap();
    let url = room.engine.url(&speech).unwrap().unwrap();
    assert!(url.contains(speech.info().cache_key.as_str()), "{url}");
    assert_eq!(room.engine.story_page_url("chidiya", 1, None).unwrap(), Some(url));
}

#[test]
fn reports_are_json_of_the_documented_shape() {
    let _leaks = leak_free();
    let room = room();
    room.engine.synthesize(&Request::new(PAGE)).unwrap();
    assert!(room.engine.status().unwrap().as_json().contains("\"status\":\"healthy\""));
    let verified = room.engine.verify(false).unwrap();
    assert!(number(verified.as_json(), "objects_checked") >= 1.0, "{verified}");
    assert!(room.engine.config_json().unwrap().contains("\"max_attempts\":1"));
    let voices = bhashatts::voices(None).unwrap();
    assert!(voices.as_ref().contains("\"HINDI\"") && voices.as_ref().contains("\"storyteller\""));
    assert_eq!(bhashatts::voices(Some("choir")).unwrap_err().code(), Code::ConfigInvalid);
    assert!(bhashatts::version().starts_with("0."));
}
