//! What a hit costs through Rust: `cargo run --release --example hit [CALLS]`.
//!
//! One page is made by a tone, then asked for again and again, its audio looked at and dropped.
//! The best and the median of rounds, as other programs use the machine too.

include!("../tests/support/tone.rs");

use std::time::Instant;

use bhashatts::{Config, Engine, Error, Request};

/// The page of benchmarks/capi_bench.cpp, so that languages can be compared.
const PAGE: &str = "एक घने जंगल में एक छोटा सा खरगोश रहता था। उसका नाम चीकू था और उसे गाजर बहुत पसंद थी। \
    हर सुबह वह नदी के किनारे जाता और पानी में अपना चेहरा देखकर हँसता।";
const ROUNDS: usize = 20;

fn nanoseconds_per_call(calls: usize, mut call: impl FnMut()) -> Vec<f64> {
    let mut rounds: Vec<f64> = (0..ROUNDS)
        .map(|_| {
            let start = Instant::now();
            (0..calls / ROUNDS).for_each(|_| call());
            start.elapsed().as_nanos() as f64 / (calls / ROUNDS) as f64
        })
        .collect();
    rounds.sort_by(f64::total_cmp);
    rounds
}

fn show(what: &str, rounds: &[f64]) {
    println!("{what:<24} best {:8.0} ns   median {:8.0} ns", rounds[0], rounds[ROUNDS / 2]);
}

fn main() -> Result<(), Error> {
    let calls = std::env::args().nth(1).and_then(|calls| calls.parse().ok()).unwrap_or(1_000_000);
    let directory = TempDir::create();
    let config = Config::new()?.with("data_dir", directory.path())?;
    let engine = Engine::builder(&config).synthesizer(Tone).open()?;
    let request = Request::new(PAGE);
    let size = engine.synthesize(&request)?.audio().len();
    engine.flush()?;

    let hit = || assert_eq!(engine.synthesize(&request).map(|s| s.audio().len()), Ok(size));
    show("synthesize, a hit", &nanoseconds_per_call(calls, hit));
    let found = || assert!(matches!(engine.lookup(&request), Ok(Some(_))));
    show("lookup, a hit", &nanoseconds_per_call(calls, found));
    let speech = engine.synthesize(&request)?;
    let info = || assert!(speech.info().cached);
    show("info", &nanoseconds_per_call(calls, info));
    let other = Request::new("यह पन्ना कहीं नहीं है।");
    let missing = || assert!(matches!(engine.lookup(&other), Ok(None)));
    show("lookup, not there", &nanoseconds_per_call(calls / 100, missing));
    Ok(())
}
