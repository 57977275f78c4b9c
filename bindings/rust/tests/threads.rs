//! What may cross threads, as the compiler sees it.

mod support;

use bhashatts::*;
use support::leak_free;

fn send<T: Send>() {}
fn sync<T: Sync>() {}

/// With this in scope `T::some` is ambiguous, and does not compile, for a T that is Sync.
trait AmbiguousIfSync<Which> {
    fn some() {}
}
impl<T> AmbiguousIfSync<()> for T {}
impl<T: Sync> AmbiguousIfSync<u8> for T {}

#[test]
fn all_handles_may_move_and_all_but_streams_may_be_shared() {
    let _leaks = leak_free();
    send::<(Config, Engine, Speech, Timings, Cancel, Error, Utterance, Request<'_>)>();
    sync::<(Config, Engine, Speech, Timings, Cancel, Error, Utterance, Request<'_>)>();
    send::<(Stream, SynthesisRequest<'_>, Bytes)>();
    sync::<(SynthesisRequest<'_>, Bytes)>();
    <Stream as AmbiguousIfSync<_>>::some(); // is not Sync
}

#[test]
fn a_stream_goes_on_in_another_thread() {
    let _leaks = leak_free();
    let room = support::room();
    let mut stream = room.engine.stream(&Request::new(support::PAGE)).unwrap();
    let first = stream.next().unwrap().unwrap();
    let rest = std::thread::scope(|threads| {
        threads.spawn(move || stream.map(|one| one.unwrap().number).collect::<Vec<_>>()).join()
    });
    assert_eq!((first.number, rest.unwrap()), (0, vec![1]));
}

#[test]
fn one_speech_is_read_by_many_threads() {
    let _leaks = leak_free();
    let room = support::room();
    let speech = room.engine.synthesize(&Request::new("सब सुनो।")).unwrap();
    let key = speech.info().cache_key;
    std::thread::scope(|threads| {
        for _ in 0..8 {
            threads.spawn(|| {
                assert!(speech.audio().starts_with(b"RIFF"));
                assert_eq!(speech.info().cache_key, key);
            });
        }
    });
}
