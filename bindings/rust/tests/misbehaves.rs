//! Synthesizers that do what they must not, hosts that do not wait, engines that are closed.

mod support;

use std::time::Duration;

use bhashatts::{Cancel, Code, Config, Engine, Error, Request, Synthesis};
use support::{leak_free, room, Room};

const PAGE: &str = "बादल गरजा और बिजली चमकी।";

fn failure(room: &Room) -> Error {
    room.engine.synthesize(&Request::new(PAGE)).unwrap_err()
}

#[test]
fn an_error_of_the_voice_comes_back_as_it_was() {
    let _leaks = leak_free();
    let room = room();
    room.voice.next(|| {
        let error = Error::new(Code::RateLimited, "ask again in a minute");
        Err(error.with_retry_after(Duration::from_secs(60)).with_cost_micro_usd(120))
    });
    let error = failure(&room);
    assert_eq!((error.code(), error.message()), (Code::RateLimited, "ask again in a minute"));
    assert!(error.is_retryable());
    assert!(error.retry_after() > Duration::from_secs(50));
    assert_eq!(error.cost_micro_usd(), 120);
}

#[test]
fn a_panic_is_caught_and_says_what_it_said() {
    let _leaks = leak_free();
    let room = room();
    room.voice.next(|| panic!("the voice is hoarse\nand more"));
    let error = failure(&room);
    assert_eq!(error.code(), Code::PluginFailed);
    assert_eq!(error.message(), "the plug-in panicked: the voice is hoarse");
    assert!(room.engine.synthesize(&Request::new("और फिर बारिश हुई।")).is_ok());
}

#[test]
fn a_panic_with_no_text_and_one_that_panics_again_are_caught() {
    let _leaks = leak_free();
    struct Again;
    impl Drop for Again {
        fn drop(&mut self) {
            panic!("again");
        }
    }
    let room = room();
    room.voice.next(|| std::panic::panic_any(Again));
    let error = failure(&room);
    assert_eq!(error.message(), "the plug-in panicked: something that is no text");
}

#[test]
fn what_is_no_audio_is_not_kept() {
    let _leaks = leak_free();
    let room = room();
    room.voice.next(|| Ok(Synthesis::new(b"<html>busy</html>".as_slice())));
    assert_eq!(failure(&room).code(), Code::BadAudio);
    room.voice.next(|| Ok(Synthesis::new(Vec::new())));
    assert_eq!(failure(&room).code(), Code::BadAudio);
    assert!(room.engine.lookup(&Request::new(PAGE)).unwrap().is_none());
}

#[test]
fn who_does_not_wait_finds_the_speech_later() {
    let _leaks = leak_free();
    let room = room();
    room.voice.hold();
    let hasty = Request::new(PAGE).timeout(Duration::from_millis(30));
    let error = room.engine.synthesize(&hasty).unwrap_err();
    assert_eq!(error.code(), Code::DeadlineExceeded);
    room.voice.release();
    room.engine.synthesize(&Request::new(PAGE)).unwrap();
    assert_eq!(room.voice.spoken().len(), 1);
}

#[test]
fn cancelling_ends_the_wait_and_paid_work_goes_on() {
    let _leaks = leak_free();
    let room = room();
    room.voice.hold();
    let cancel = Cancel::new().unwrap();
    let error = std::thread::scope(|threads| {
        let request = Request::new(PAGE).cancel(&cancel);
        let engine = &room.engine;
        let caller = threads.spawn(move || engine.synthesize(&request).unwrap_err());
        room.voice.await_calls(1);
        cancel.clone().cancel();
        caller.join().unwrap()
    });
    assert_eq!(error.code(), Code::Cancelled);
    drop(cancel);
    room.voice.release();
    room.engine.synthesize(&Request::new(PAGE)).unwrap(); // joins, or finds it
    assert!(room.engine.synthesize(&Request::new(PAGE)).unwrap().info().cached);
    assert_eq!(room.voice.spoken().len(), 1);
}

#[test]
fn an_error_ends_a_stream() {
    let _leaks = leak_free();
    let room = room();
    for _ in 0..2 {
        // Who comes when the page has failed already begins anew.
        let refusal = Error::new(Code::UpstreamRejected, "not this text");
        room.voice.next(|| Err(refusal));
    }
    let mut stream = room.engine.stream(&Request::new(PAGE)).unwrap();
    let error = stream.next().unwrap().unwrap_err();
    assert_eq!(error.code(), Code::UpstreamRejected);
    assert!(stream.next().is_none());
}

#[test]
fn a_stream_that_outlives_its_engine_ends() {
    let _leaks = leak_free();
    let room = room();
    let mut stream = room.engine.stream(&Request::new(support::PAGE)).unwrap();
    assert!(stream.next().unwrap().is_ok());
    drop(room);
    assert_eq!(stream.next().unwrap().unwrap_err().code(), Code::Closed);
    assert!(stream.next().is_none());
}

#[test]
fn a_closed_engine_says_so_and_may_be_closed_again() {
    let _leaks = leak_free();
    let room = room();
    room.voice.hold();
    let caller = |engine: &Engine| engine.synthesize(&Request::new(PAGE)).map(|_| ());
    let error = std::thread::scope(|threads| {
        let waiting = threads.spawn(|| caller(&room.engine).unwrap_err());
        room.voice.await_calls(1); // it waits until it is told to stop
        room.engine.close(Some(Duration::ZERO)).unwrap();
        waiting.join().unwrap()
    });
    assert!(matches!(error.code(), Code::Closed | Code::Cancelled), "{error}");
    room.engine.close(None).unwrap();
    assert_eq!(failure(&room).code(), Code::Closed);
    assert_eq!(room.engine.stream(&Request::new(PAGE)).unwrap_err().code(), Code::Closed);
    assert_eq!(room.engine.flush().unwrap_err().code(), Code::Closed);
}

#[test]
fn bad_requests_are_told_apart() {
    let _leaks = leak_free();
    let room = room();
    let code = |request: &Request<'_>| room.engine.synthesize(request).unwrap_err().code();
    assert_eq!(code(&Request::new("")), Code::TextEmpty);
    assert_eq!(code(&Request::new("एक\0दो")), Code::TextControl);
    assert_eq!(code(&Request::new(&"क ".repeat(5_000))), Code::TextTooLong);
    assert_eq!(code(&Request::new(PAGE).language("ELVISH")), Code::LanguageUnknown);
    assert_eq!(code(&Request::new(PAGE).voice_style("whisper?")), Code::VoiceStyleUnknown);
    assert!(room.voice.spoken().is_empty());
}

#[test]
fn settings_are_refused_by_name() {
    let _leaks = leak_free();
    let mut config = Config::new().unwrap();
    let error = config.set("data_dri", "/tmp").unwrap_err();
    assert_eq!(error.code(), Code::ConfigInvalid);
    assert!(error.message().contains("data_dri"), "{error}");
    assert_eq!(config.set_json("[]").unwrap_err().code(), Code::ConfigInvalid);
    config.set_json(r#"{"huggingface_api_token": "hf_secret"}"#).unwrap();
    assert!(!format!("{config:?}").contains("hf_secret"));
}

#[test]
fn errors_of_two_threads_do_not_mix() {
    let _leaks = leak_free();
    let room = room();
    let engine = &room.engine;
    let messages = |request: Request<'static>| {
        let failures = (0..200).map(move |_| engine.synthesize(&request).unwrap_err());
        failures.map(|error| error.to_string()).collect::<std::collections::HashSet<_>>()
    };
    std::thread::scope(|threads| {
        let other = threads.spawn(|| messages(Request::new(PAGE).language("ELVISH")));
        let own = messages(Request::new(""));
        let other = other.join().unwrap();
        assert_eq!((own.len(), other.len()), (1, 1), "{own:?} {other:?}");
        assert!(own.is_disjoint(&other));
    });
}
