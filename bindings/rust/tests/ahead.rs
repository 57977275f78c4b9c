//! Work ahead of time, and log lines. A program of its own: there is one log for the process.

mod support;

use std::panic::{catch_unwind, AssertUnwindSafe};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};

use bhashatts::{Cancel, Code, ImportOptions, Level, PrewarmOptions, Progress, Request};
use support::{leak_free, number, pages, request, room, Page};

fn stories(count: usize) -> String {
    let line = |(n, (language, text)): (usize, &Page)| {
        let text = text.replace('"', "\\\"");
        format!(r#"{{"story_id": "s{n}", "language": "{language}", "pages": ["{text}"]}}"#) + "\n"
    };
    pages().iter().take(count).enumerate().map(line).collect()
}

#[test]
fn prewarming_shows_progress_and_reports() {
    let _leaks = leak_free();
    let room = room();
    let mut seen: Vec<Progress> = Vec::new();
    let options = PrewarmOptions { concurrency: 2, ..Default::default() };
    let report = room.engine.prewarm(&stories(6), &options, |at| seen.push(*at)).unwrap();
    assert_eq!(number(report.as_json(), "pages_generated"), 6.0, "{report}");
    let last = seen.last().unwrap();
    assert_eq!((last.total, last.done, last.made, last.failed), (Some(6), 6, 6, 0));
    let again = room.engine.prewarm(&stories(6), &options, |_| ()).unwrap();
    assert_eq!(number(again.as_json(), "pages_cached"), 6.0);
    let url = room.engine.story_page_url("s3", 1, None).unwrap();
    assert!(url.is_some());
}

#[test]
fn a_dry_run_and_a_limit_make_nothing_and_little() {
    let _leaks = leak_free();
    let room = room();
    let dry = PrewarmOptions { dry_run: true, ..Default::default() };
    let report = room.engine.prewarm(&stories(4), &dry, |_| ()).unwrap();
    assert_eq!(number(report.as_json(), "pages_generated"), 4.0);
    assert!(room.voice.spoken().is_empty());
    let one = PrewarmOptions { limit: Some(1), ..Default::default() };
    let report = room.engine.prewarm(&stories(4), &one, |_| ()).unwrap();
    assert_eq!(number(report.as_json(), "pages_total"), 1.0);
}

#[test]
fn cancelling_finishes_what_is_in_hand() {
    let _leaks = leak_free();
    let room = room();
    let cancel = Cancel::new().unwrap();
    let options = PrewarmOptions { concurrency: 1, cancel: Some(&cancel), ..Default::default() };
    let report = room.engine.prewarm(&stories(6), &options, |_| cancel.cancel()).unwrap();
    let json = report.as_json();
    assert!(number(json, "pages_not_attempted") >= 1.0, "{json}");
    assert_eq!(number(json, "pages_failed"), 0.0);
    assert_eq!(number(json, "pages_generated") + number(json, "pages_not_attempted"), 6.0);
}

#[test]
fn a_panic_of_the_listener_goes_on_when_the_work_is_done() {
    let _leaks = leak_free();
    let room = room();
    let calls = AtomicUsize::new(0);
    let listener = |_: &Progress| {
        calls.fetch_add(1, Ordering::SeqCst);
        panic!("enough");
    };
    let prewarm = || room.engine.prewarm(&stories(4), &PrewarmOptions::default(), listener);
    let panic = catch_unwind(AssertUnwindSafe(prewarm)).unwrap_err();
    assert_eq!(panic.downcast_ref::<&str>(), Some(&"enough"));
    assert_eq!(calls.load(Ordering::SeqCst), 1);
    let pages = pages();
    assert!(room.engine.lookup(&request(&pages[3])).unwrap().is_some());
}

#[test]
fn malformed_stories_are_refused_by_line() {
    let _leaks = leak_free();
    let room = room();
    let bad = stories(1) + "{\"story_id\": 7}\n";
    let error = room.engine.prewarm(&bad, &PrewarmOptions::default(), |_| ()).unwrap_err();
    assert_eq!(error.code(), Code::StoriesInvalid);
    assert!(error.message().contains('2'), "{error}");
}

#[test]
fn an_import_reports_what_is_missing_and_which_export_is_not_there() {
    let _leaks = leak_free();
    let room = room();
    let options = ImportOptions { directory: Some(room.directory.path()), ..Default::default() };
    let nowhere = format!("{}/none.jsonl", room.directory.path());
    let error = room.engine.import(&nowhere, &options, |_| ()).unwrap_err();
    assert_eq!(error.code(), Code::NotFound);
    let export = format!("{}/export.jsonl", room.directory.path());
    std::fs::write(&export, r#"{"text_content": "नमस्ते", "language": "HINDI"}"#).unwrap();
    let mut last = None;
    let report = room.engine.import(&export, &options, |at| last = Some(*at)).unwrap();
    assert!(report.as_json().contains("missing"), "{report}");
    assert_eq!(last.map(|at| (at.total, at.done, at.made)), Some((None, 1, 0)));
}

#[test]
fn log_lines_go_to_the_closure_and_a_panic_in_it_is_caught() {
    let _leaks = leak_free();
    struct Goes(Arc<AtomicUsize>);
    impl Drop for Goes {
        fn drop(&mut self) {
            self.0.fetch_add(1, Ordering::SeqCst);
        }
    }
    let (gone, lines) = (Arc::new(AtomicUsize::new(0)), Arc::new(Mutex::new(Vec::new())));
    let (goes, heard) = (Goes(gone.clone()), lines.clone());
    bhashatts::set_log(Level::Debug, move |level, component, message| {
        let _ = &goes;
        heard.lock().unwrap().push(format!("{level} {component} {message}"));
        panic!("no more of this");
    })
    .unwrap();
    let room = room();
    room.voice.next(|| Ok(bhashatts::Synthesis::new(Vec::new())));
    assert!(room.engine.synthesize(&Request::new("एक।")).is_err());
    drop(room);
    bhashatts::log_to_stderr().unwrap();
    assert_eq!(gone.load(Ordering::SeqCst), 1);
}
