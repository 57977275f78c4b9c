//! Tiers, stores, sinks and fallbacks in Rust, and who owns them.

mod support;

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use bhashatts::{
    BlobLabels, BlobStore, Bytes, CacheTier, Code, Engine, Error, EventSink, Origin, PutOutcome,
    Request, State, Synthesis, SynthesisRequest, Synthesizer, SynthesizerStatus,
};
use support::{config, leak_free, tone, TempDir, Tone, Voice, PAGE};

type Shelf = Mutex<BTreeMap<String, Arc<[u8]>>>;

#[derive(Default)]
struct MapTier {
    shelf: Shelf,
    broken: bool,
}

impl CacheTier for MapTier {
    fn name(&self) -> String {
        if self.broken { "broken" } else { "map" }.to_owned()
    }
    fn get(&self, key: &str) -> Result<Option<Bytes>, Error> {
        assert!(!self.broken, "the tier is broken");
        Ok(self.shelf.lock().unwrap().get(key).cloned().map(Bytes::from))
    }
    fn put(&self, key: &str, language: &str, value: &[u8], ttl: Duration) -> Result<(), Error> {
        assert!(!self.broken && language == "HINDI" && ttl > Duration::from_secs(1));
        self.shelf.lock().unwrap().insert(key.to_owned(), value.into());
        Ok(())
    }
    fn erase(&self, key: &str) -> Result<(), Error> {
        self.shelf.lock().unwrap().remove(key);
        Ok(())
    }
    fn clear(&self, language: Option<&str>, count_only: bool) -> Result<u64, Error> {
        assert!(matches!(language, None | Some("HINDI")));
        let mut shelf = self.shelf.lock().unwrap();
        let count = shelf.len() as u64;
        if !count_only {
            shelf.clear();
        }
        Ok(count)
    }
}

#[derive(Default)]
struct MapStore(Shelf);

impl BlobStore for MapStore {
    fn get(&self, name: &str) -> Result<Option<Bytes>, Error> {
        Ok(self.0.lock().unwrap().get(name).cloned().map(Bytes::owned_by))
    }
    fn put_if_absent(
        &self,
        name: &str,
        data: &[u8],
        labels: &BlobLabels<'_>,
    ) -> Result<PutOutcome, Error> {
        assert!(!labels.media_type.is_empty());
        let mut shelf = self.0.lock().unwrap();
        if shelf.contains_key(name) {
            return Ok(PutOutcome::AlreadyThere);
        }
        shelf.insert(name.to_owned(), data.into());
        Ok(PutOutcome::Stored)
    }
    fn info(&self, name: &str) -> Result<Option<u64>, Error> {
        Ok(self.0.lock().unwrap().get(name).map(|object| object.len() as u64))
    }
    fn remove(&self, name: &str) -> Result<(), Error> {
        self.0.lock().unwrap().remove(name);
        Ok(())
    }
    fn list(&self, prefix: &str, visit: &mut dyn FnMut(&str, u64) -> bool) -> Result<(), Error> {
        let shelf = self.0.lock().unwrap();
        let mut of_prefix = shelf.iter().filter(|(name, _)| name.starts_with(prefix));
        of_prefix.all(|(name, object)| visit(name, object.len() as u64));
        Ok(())
    }
    fn url(&self, name: &str) -> Result<String, Error> {
        Ok(format!("https://speech.example/{name}"))
    }
}

#[derive(Default)]
struct Diary(Mutex<Vec<String>>);

impl EventSink for Diary {
    fn name(&self) -> String {
        "diary".to_owned()
    }
    fn deliver(&self, events_json: &str) -> Result<(), Error> {
        self.0.lock().unwrap().push(events_json.to_owned());
        Ok(())
    }
}

#[test]
fn a_tier_serves_another_host() {
    let _leaks = leak_free();
    let tier = Arc::new(MapTier::default());
    let origin_on_a_new_host = || {
        let (directory, voice) = (TempDir::create(), Voice::new());
        let config = config(&directory);
        let builder = Engine::builder(&config).synthesizer(voice.clone()).tier(tier.clone());
        let engine = builder.open().unwrap();
        let speech = engine.synthesize(&Request::new(PAGE)).unwrap();
        engine.flush().unwrap();
        (speech.info().origin, voice.spoken().len())
    };
    assert_eq!(origin_on_a_new_host(), (Some(Origin::Synthesized), 2));
    assert!(!tier.shelf.lock().unwrap().is_empty());
    assert_eq!(origin_on_a_new_host(), (Some(Origin::Tier), 0));
}

#[test]
fn a_tier_that_panics_is_skipped_and_one_that_works_is_cleared() {
    let _leaks = leak_free();
    let directory = TempDir::create();
    let (good, config) = (Arc::new(MapTier::default()), config(&directory));
    let broken = MapTier { broken: true, ..MapTier::default() };
    let builder = Engine::builder(&config).synthesizer(Tone).tier(broken).tier(good.clone());
    let engine = builder.open().unwrap();
    engine.synthesize(&Request::new(PAGE)).unwrap();
    engine.flush().unwrap();
    assert!(!good.shelf.lock().unwrap().is_empty());
    let cleared = engine.clear(&Default::default()).unwrap();
    assert!(cleared.cache_entries >= 1 && good.shelf.lock().unwrap().is_empty());
}

#[test]
fn a_store_keeps_what_outlives_the_data_directory() {
    let _leaks = leak_free();
    let store = Arc::new(MapStore::default());
    let directory = TempDir::create();
    let config = config(&directory);
    let builder = Engine::builder(&config).synthesizer(Tone).blob_store(store.clone());
    let engine = builder.open().unwrap();
    let speech = engine.synthesize(&Request::new(PAGE).page("subah", 1)).unwrap();
    engine.flush().unwrap();
    let names: Vec<_> = store.0.lock().unwrap().keys().cloned().collect();
    assert!(names.len() >= 2, "{names:?}");
    let url = engine.url(&speech).unwrap().unwrap();
    assert!(url.starts_with("https://speech.example/"), "{url}");
    let verified = engine.verify(false).unwrap();
    assert!(verified.as_json().contains("\"problems\":[]"), "{verified}");
    engine.forget_text(PAGE).unwrap();
    let shelf = store.0.lock().unwrap(); // with notices for other hosts, perhaps
    assert!(!names.iter().any(|name| shelf.contains_key(name)), "{names:?}");
}

#[test]
fn a_sink_hears_of_usage_and_speech() {
    let _leaks = leak_free();
    let diary = Arc::new(Diary::default());
    let directory = TempDir::create();
    let config = config(&directory);
    let builder = Engine::builder(&config).synthesizer(Tone).event_sink(diary.clone());
    let engine = builder.open().unwrap();
    engine.synthesize(&Request::new(PAGE).user_id("asha")).unwrap();
    engine.flush().unwrap();
    engine.close(None).unwrap();
    let heard = diary.0.lock().unwrap().concat();
    assert!(heard.starts_with('[') && heard.contains("\"id\":"), "{heard}");
    assert!(heard.contains("asha"), "{heard}");
}

#[test]
fn a_fallback_speaks_where_the_first_voice_cannot() {
    let _leaks = leak_free();
    let (directory, voice) = (TempDir::create(), Voice::new());
    let config = config(&directory);
    let builder = Engine::builder(&config).synthesizer(voice.clone()).fallback(Tone);
    let engine = builder.open().unwrap();
    voice.next(|| Err(Error::new(Code::Unreachable, "no network")));
    let speech = engine.synthesize(&Request::new("एक था राजा।")).unwrap();
    assert!(speech.info().fallback);
    assert_eq!(speech.info().synthesizer, "example/tone@1");
    voice.next(|| Err(Error::new(Code::UpstreamRejected, "not this")));
    let strict = Request::new("एक थी रानी।").no_fallback();
    assert_eq!(engine.synthesize(&strict).unwrap_err().code(), Code::UpstreamRejected);
}

#[derive(Clone, Default)]
struct Drops(Arc<AtomicUsize>);

impl Drops {
    fn count(&self) -> usize {
        self.0.load(Ordering::SeqCst)
    }
}

/// Counts when it goes; panics where it is told to.
struct Mortal {
    drops: Drops,
    panics: &'static str,
}

impl Drop for Mortal {
    fn drop(&mut self) {
        self.drops.0.fetch_add(1, Ordering::SeqCst);
        assert!(self.panics != "drop", "not now");
    }
}

impl Synthesizer for Mortal {
    fn identity(&self) -> String {
        assert!(self.panics != "identity", "who am I");
        "test/mortal@1".to_owned()
    }
    fn synthesize(&self, request: &SynthesisRequest<'_>) -> Result<Synthesis, Error> {
        assert!(!request.stop.is_requested() && request.timeout > Duration::ZERO);
        Ok(Synthesis::new(tone(request.text)).costing(40))
    }
    fn status(&self) -> SynthesizerStatus {
        assert!(self.panics != "status", "do not ask");
        SynthesizerStatus { state: State::Loading, message: "wait a minute".to_owned() }
    }
}

impl EventSink for Mortal {
    fn name(&self) -> String {
        "mortal".to_owned()
    }
    fn deliver(&self, _: &str) -> Result<(), Error> {
        Err(Error::new(Code::StorageFailed, "the diary is lost"))
    }
}

fn mortal(drops: &Drops, panics: &'static str) -> Mortal {
    Mortal { drops: drops.clone(), panics }
}

#[test]
fn parts_go_once_with_the_engine() {
    let _leaks = leak_free();
    let (drops, directory) = (Drops::default(), TempDir::create());
    let config = config(&directory);
    let builder = Engine::builder(&config).synthesizer(mortal(&drops, "drop"));
    let builder = builder.fallback(mortal(&drops, "")).event_sink(mortal(&drops, ""));
    let engine = builder.open().unwrap();
    let speech = engine.synthesize(&Request::new(PAGE)).unwrap();
    assert_eq!((speech.info().cost_micro_usd, drops.count()), (80, 0));
    drop(engine); // a panic in a part's drop is caught
    assert_eq!(drops.count(), 3);
}

#[test]
fn parts_go_once_where_open_fails_or_is_never_called() {
    let _leaks = leak_free();
    let (drops, directory) = (Drops::default(), TempDir::create());
    let config = config(&directory);
    let builder = || Engine::builder(&config).event_sink(mortal(&drops, ""));
    let error = builder().synthesizer(mortal(&drops, "identity")).open().unwrap_err();
    assert_eq!((error.code(), drops.count()), (Code::PluginFailed, 2));
    assert!(error.message().contains("who am I"), "{error}");
    drop(builder().synthesizer(mortal(&drops, "")));
    assert_eq!(drops.count(), 4);

    let nowhere = config.with("data_dir", "/dev/null/speech").unwrap();
    let builder = Engine::builder(&nowhere).synthesizer(mortal(&drops, ""));
    assert!(builder.fallback(mortal(&drops, "")).open().is_err());
    assert_eq!(drops.count(), 6);
}

#[test]
fn how_a_synthesizer_stands_is_in_the_status() {
    let _leaks = leak_free();
    for (panics, state, message) in
        [("", "loading", "wait a minute"), ("status", "unavailable", "do not ask")]
    {
        let directory = TempDir::create();
        let config = config(&directory);
        let voice = mortal(&Drops::default(), panics);
        let engine = Engine::builder(&config).synthesizer(voice).open().unwrap();
        let status = engine.status().unwrap();
        assert!(status.as_json().contains(state), "{status}");
        assert!(status.as_json().contains(message), "{status}");
    }
}
