//! Opening an engine with plug-ins.
//!
//! The parts stay Rust's until `open`: a builder that is dropped drops them, and only what is
//! handed to the library is given back by it.

use std::fmt;
use std::mem::size_of;
use std::ptr::null;

use crate::handle::Handle;
use crate::plugin::{
    sink, store, synthesizer, tier, BlobStore, CacheTier, EventSink, SinkPart, StorePart,
    Synthesizer, SynthesizerPart, TierPart,
};
use crate::{sys, Config, Engine, Error};

/// Opens an engine with parts of your own; made by [`Engine::builder`].
#[must_use = "nothing is opened before open()"]
pub struct EngineBuilder<'a> {
    config: &'a Config,
    synthesizer: Option<SynthesizerPart>,
    fallbacks: Vec<SynthesizerPart>,
    tiers: Vec<TierPart>,
    blob_store: Option<StorePart>,
    event_sinks: Vec<SinkPart>,
}

impl<'a> EngineBuilder<'a> {
    pub(crate) fn new(config: &'a Config) -> Self {
        EngineBuilder {
            config,
            synthesizer: None,
            fallbacks: Vec::new(),
            tiers: Vec::new(),
            blob_store: None,
            event_sinks: Vec::new(),
        }
    }

    /// What speaks in the place of the configured synthesizer.
    pub fn synthesizer(mut self, synthesizer: impl Synthesizer + 'static) -> Self {
        self.synthesizer = Some(Box::new(synthesizer));
        self
    }

    /// Who is asked next when it cannot; may be said several times.
    pub fn fallback(mut self, synthesizer: impl Synthesizer + 'static) -> Self {
        self.fallbacks.push(Box::new(synthesizer));
        self
    }

    /// A tier that is asked after memory and disk; may be said several times.
    pub fn tier(mut self, tier: impl CacheTier + 'static) -> Self {
        self.tiers.push(Box::new(tier));
        self
    }

    /// The permanent store.
    pub fn blob_store(mut self, store: impl BlobStore + 'static) -> Self {
        self.blob_store = Some(Box::new(store));
        self
    }

    /// An observer; may be said several times.
    pub fn event_sink(mut self, sink: impl EventSink + 'static) -> Self {
        self.event_sinks.push(Box::new(sink));
        self
    }

    /// Opens the data directory. The parts are dropped with the engine, or now, where it fails.
    pub fn open(self) -> Result<Engine, Error> {
        // Names first: a name() that panics finds nothing that the library owns yet.
        let tier_names: Vec<_> = self.tiers.iter().map(|tier| tier.name()).collect();
        let sink_names: Vec<_> = self.event_sinks.iter().map(|sink| sink.name()).collect();

        // From here to the call nothing panics, so that each context is given to the library,
        // which gives it back once, whatever fails.
        let synthesizer = self.synthesizer.map(synthesizer::to_c);
        let fallbacks: Vec<_> = self.fallbacks.into_iter().map(synthesizer::to_c).collect();
        let tiers = self.tiers.into_iter().zip(&tier_names);
        let tiers: Vec<_> = tiers.map(|(tier, name)| tier::to_c(tier, name)).collect();
        let blob_store = self.blob_store.map(store::to_c);
        let sinks = self.event_sinks.into_iter().zip(&sink_names);
        let sinks: Vec<_> = sinks.map(|(sink, name)| sink::to_c(sink, name)).collect();

        let fallback_list = pointers(&fallbacks);
        let tier_list = pointers(&tiers);
        let sink_list = pointers(&sinks);
        let options = sys::OpenOptions {
            struct_size: size_of::<sys::OpenOptions>(),
            config: self.config.get(),
            synthesizer: synthesizer.as_ref().map_or(null(), |one| one),
            fallbacks: fallback_list.as_ptr(),
            fallback_count: fallbacks.len(),
            tiers: tier_list.as_ptr(),
            tier_count: tiers.len(),
            blob_store: blob_store.as_ref().map_or(null(), |one| one),
            event_sinks: sink_list.as_ptr(),
            event_sink_count: sinks.len(),
        };
        // SAFETY: all that the options point at is alive until the call returns; the structs and
        // names are copied, and the contexts the library's from now on.
        Handle::made(|out| unsafe { sys::bhashatts_engine_open(&options, out) }).map(Engine::of)
    }
}

fn pointers<T>(structs: &[T]) -> Vec<*const T> {
    structs.iter().map(|one| one as *const T).collect()
}

impl fmt::Debug for EngineBuilder<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EngineBuilder").field("config", self.config).finish_non_exhaustive()
    }
}
