//! What the tests share: a voice that does as it is told, pages, an engine in a directory.
#![allow(dead_code)] // each test program uses its own part

use std::collections::VecDeque;
use std::path::Path;
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError};

use bhashatts::{Code, Config, Engine, Error, Limits, Request};
use bhashatts::{Synthesis, SynthesisRequest, Synthesizer};

include!("tone.rs");

/// Two utterances.
pub const PAGE: &str = "सुबह सूरज पहाड़ के पीछे से निकल आया। \
    पेड़ पर बैठी छोटी चिड़िया मीठा गाना गाने लगी।";

type Act = Box<dyn FnOnce() -> Result<Synthesis, Error> + Send>;

#[derive(Default)]
struct Script {
    spoken: Vec<String>,
    acts: VecDeque<Act>,
    held: bool,
}

/// Speaks a tone; what the next calls do instead can be said, one call each.
#[derive(Default)]
pub struct Voice {
    script: Mutex<Script>,
    changed: Condvar,
}

impl Voice {
    pub fn new() -> Arc<Voice> {
        Arc::default()
    }

    pub fn next(&self, act: impl FnOnce() -> Result<Synthesis, Error> + Send + 'static) {
        self.script.lock().unwrap().acts.push_back(Box::new(act));
    }

    /// Calls wait from now on, until release(), or until the engine closes.
    pub fn hold(&self) {
        self.script.lock().unwrap().held = true;
    }

    pub fn release(&self) {
        self.script.lock().unwrap().held = false;
        self.changed.notify_all();
    }

    pub fn await_calls(&self, calls: usize) {
        let script = self.script.lock().unwrap();
        drop(self.changed.wait_while(script, |script| script.spoken.len() < calls).unwrap());
    }

    /// What was asked for, in the order of the calls.
    pub fn spoken(&self) -> Vec<String> {
        self.script.lock().unwrap().spoken.clone()
    }

    fn begin(&self, request: &SynthesisRequest<'_>) -> Option<Act> {
        let mut script = self.script.lock().unwrap();
        script.spoken.push(format!("{} {} #{}", request.language, request.text, request.take));
        self.changed.notify_all();
        script.acts.pop_front()
    }

    fn wait(&self, request: &SynthesisRequest<'_>) -> Result<(), Error> {
        let pause = std::time::Duration::from_millis(2); // the engine's stop has no condition
        let mut script = self.script.lock().unwrap();
        while script.held {
            if request.stop.is_requested() {
                return Err(Error::new(Code::Cancelled, "the engine is closing"));
            }
            script = self.changed.wait_timeout(script, pause).unwrap().0;
        }
        Ok(())
    }
}

impl Synthesizer for Voice {
    fn identity(&self) -> String {
        "test/voice@1".to_owned()
    }
    fn limits(&self) -> Limits {
        Limits { concurrency: 4, ..Limits::default() }
    }
    fn synthesize(&self, request: &SynthesisRequest<'_>) -> Result<Synthesis, Error> {
        match self.begin(request) {
            Some(act) => act(),
            None => {
                self.wait(request)?;
                Ok(Synthesis::new(tone(&format!("{}{}", request.text, request.take))))
            }
        }
    }
}

/// An engine, the voice that it has, and the directory in which it is; gone in that order.
pub struct Room {
    pub engine: Engine,
    pub voice: Arc<Voice>,
    pub directory: TempDir,
}

pub fn config(directory: &TempDir) -> Config {
    let mut config = Config::new().unwrap().with("data_dir", directory.path()).unwrap();
    config.set("max_attempts", "1").unwrap();
    for map in ["catalog_map_bytes", "cache_map_bytes"] {
        config.set(map, "268435456").unwrap(); // valgrind's address space is small
    }
    config
}

pub fn room() -> Room {
    let (directory, voice) = (TempDir::create(), Voice::new());
    let config = config(&directory);
    let engine = Engine::builder(&config).synthesizer(voice.clone()).open().unwrap();
    Room { engine, voice, directory }
}

/// Fails where a handle is left: when the test ends, or where others run beside it, when the last of
/// them does, as nobody knows whose it is. Each test of a program calls it first.
#[must_use]
pub fn leak_free() -> LeakFree {
    *running() += 1;
    LeakFree(())
}

pub struct LeakFree(());

fn running() -> MutexGuard<'static, usize> {
    static RUNNING: Mutex<usize> = Mutex::new(0);
    RUNNING.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Drop for LeakFree {
    fn drop(&mut self) {
        let mut running = running();
        *running -= 1;
        #[cfg(debug_assertions)]
        if *running == 0 && !std::thread::panicking() {
            assert_eq!(bhashatts::live_handles(), 0, "handles are left");
        }
    }
}

/// A page: its language and its text.
pub type Page = (String, String);

/// Fifty pages in six languages, the same that C and Go are tested with; PAGES_TSV names others.
/// Some sentences stand on several pages. A crate that stands alone has a few of its own.
pub fn pages() -> Vec<Page> {
    let ours = concat!(env!("CARGO_MANIFEST_DIR"), "/../../tests/bindings/pages.tsv");
    let name = std::env::var("PAGES_TSV").unwrap_or_else(|_| ours.to_owned());
    if !Path::new(&name).exists() {
        println!("the crate stands alone: there is no {name}");
        return ["पहली", "दूसरी", "तीसरी", "चौथी", "पाँचवीं", "छठी", "सातवीं"].map(own_page).to_vec();
    }
    let text = std::fs::read_to_string(name).unwrap();
    let page = |line: &str| line.split_once('\t').map(|(a, b)| (a.to_owned(), b.to_owned()));
    text.lines().map(|line| page(line).unwrap()).collect()
}

fn own_page(which: &str) -> Page {
    let text = format!("{which} चिड़िया पेड़ पर बैठी थी। {which} मछली नदी में नहा रही थी।");
    ("HINDI".to_owned(), text)
}

pub fn request(page: &Page) -> Request<'_> {
    Request::new(&page.1).language(&page.0)
}

/// The number behind a member's name in a report.
pub fn number(json: &str, member: &str) -> f64 {
    let at = json.find(&format!("\"{member}\":")).unwrap_or_else(|| panic!("{member} in {json}"));
    let rest = json[at + member.len() + 3..].trim_start();
    let digits = rest.split(|c: char| !(c.is_ascii_digit() || ".-".contains(c))).next();
    digits.unwrap().parse().unwrap()
}
