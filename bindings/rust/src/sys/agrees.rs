//! Turns `mod.rs` and `plugins.rs` into C and lets the C compiler compare it with the headers.
//!
//! Sizes and offsets as numbers, copied from a header by hand, would only show that two copies
//! agree. A redeclaration whose type differs is an error of the compiler's, whatever differs.

use std::mem::size_of;
use std::path::{Path, PathBuf};
use std::process::Command;

use crate::{sys, Code, Format, Level, Origin, State};

const SOURCE: &str = concat!(include_str!("mod.rs"), "\n", include_str!("plugins.rs"));
const PRELUDE: &str = "#include <bhashatts/c_plugins.h>
typedef void (*bhashatts_destroy)(void* context);
#define SAME(value, type) _Static_assert(_Generic((value), type: 1, default: 0), #value)
";

macro_rules! sizes {
    ($($name:ident),*) => {
        [$((stringify!($name), size_of::<sys::$name>())),*]
    };
}

fn snake(camel: &str) -> String {
    let mut snake = String::from("bhashatts");
    for c in camel.chars() {
        if c.is_uppercase() {
            snake.push('_');
        }
        snake.push(c.to_ascii_lowercase());
    }
    snake
}

fn parameters_of(function: &str) -> (String, &str) {
    let (parameters, result) = function.split_once(')').expect("a function");
    let types = parameters.split(", ").filter_map(|one| one.split_once(": "));
    let types: Vec<_> = types.map(|(_, kind)| c_type(kind.trim_end_matches(','))).collect();
    let result = result.trim().strip_prefix("-> ").unwrap_or("c_void");
    (if types.is_empty() { "void".to_owned() } else { types.join(", ") }, result)
}

/// The C type of a Rust type that is no function and no array.
fn c_type(rust: &str) -> String {
    if let Some(to) = rust.strip_prefix("*mut ") {
        return c_type(to) + "*";
    }
    if let Some(to) = rust.strip_prefix("*const ") {
        return c_type(to) + " const*";
    }
    if let Some(alias) = rust.strip_prefix("Option<") {
        return c_type(alias.trim_end_matches('>'));
    }
    match rust {
        "c_void" => "void".to_owned(),
        "c_char" => "char".to_owned(),
        "usize" => "size_t".to_owned(),
        "u8" | "i32" | "i64" | "u32" | "u64" => {
            format!("{}int{}_t", if rust.starts_with('u') { "u" } else { "" }, &rust[1..])
        }
        name => snake(name),
    }
}

/// A pointer to a field of this type, or where `stars` is empty, a function's type itself.
fn declarator(rust: &str, stars: &str) -> String {
    if let Some((_, function)) = rust.split_once("extern \"C\" fn(") {
        let (parameters, result) = parameters_of(function.trim_end_matches(">"));
        let result = if function.contains("->") { result } else { "c_void" };
        return format!("{} (*{stars})({parameters})", c_type(result));
    }
    match rust.strip_prefix('[').and_then(|array| array.trim_end_matches(']').split_once("; ")) {
        Some((element, count)) => format!("{} ({stars})[{count}]", c_type(element)),
        None => c_type(rust) + stars,
    }
}

/// Both on one line, without comments, and functions' parameters as rustfmt would never break
/// them.
fn flat() -> String {
    let lines = SOURCE.lines().map(|line| line.split("//").next().unwrap_or("").trim());
    let joined = lines.collect::<Vec<_>>().join(" ");
    let words: Vec<_> = joined.split_whitespace().collect();
    let one = words.join(" ").replace("( ", "(").replace(", )", ")").replace("Option< ", "Option<");
    one.replace(", >", ">").replace("#[derive(Clone, Copy)] ", "")
}

/// Each `(name, body)` between `head` and `tail`.
fn items<'a>(source: &'a str, head: &'a str, tail: &'a str) -> Vec<(&'a str, &'a str)> {
    let after = source.split(head).skip(1);
    let bodies = after.map(move |rest| rest.split(tail).next().unwrap_or(""));
    bodies
        .filter_map(|body| {
            let end = body.find(|c: char| !c.is_alphanumeric() && c != '_')?;
            (end > 0).then(|| (&body[..end], &body[end..])) // not a macro's $name
        })
        .collect()
}

fn fields(body: &str) -> Vec<(&str, &str)> {
    let fields = body.split("pub ").skip(1).filter_map(|field| field.trim().split_once(": "));
    fields.map(|(name, kind)| (name, kind.trim_end_matches([' ', ',']))).collect()
}

fn functions_in_c(source: &str) -> String {
    let declared = items(source, "pub fn ", ";").into_iter().map(|(name, rest)| {
        let (parameters, result) = parameters_of(&rest[1..]);
        format!("{} {name}({parameters});\n", c_type(result))
    });
    declared.collect()
}

fn structs_in_c(source: &str) -> String {
    let mut c = String::new();
    for (name, body) in items(source, "#[repr(C)] pub struct ", "} ") {
        let name = snake(name);
        let fields = fields(body);
        for (field, kind) in &fields {
            c += &format!("SAME(&(({name}*)0)->{field}, {});\n", declarator(kind, "*"));
        }
        for pair in fields.windows(2) {
            let [before, behind] = [pair[0].0, pair[1].0];
            c += &format!("_Static_assert(offsetof({name}, {before}) < ");
            c += &format!("offsetof({name}, {behind}), \"{name}: {before}, {behind}\");\n");
        }
    }
    c
}

fn aliases_in_c(source: &str) -> String {
    let aliases = items(source, "pub type ", ";").into_iter().filter_map(|(name, kind)| {
        let function = declarator(kind.strip_prefix(" = unsafe ")?, "");
        Some(format!("SAME(({})0, {function});\n", snake(name)))
    });
    aliases.collect()
}

fn sizes_in_c(sizes: &[(&str, usize)]) -> String {
    let asserts = sizes.iter().map(|(name, size)| {
        format!("_Static_assert(sizeof({}) == {size}, \"{name}\");\n", snake(name))
    });
    asserts.collect()
}

macro_rules! numbers_in_c {
    ($type:ident, $prefix:literal) => {{
        let asserts = $type::ALL.iter().map(|one| {
            let name = one.name().to_uppercase();
            format!("_Static_assert(BHASHATTS_{}{name} == {}, \"\");\n", $prefix, one.number())
        });
        asserts.collect::<String>()
    }};
}

/// Where the headers are: as LIBBHASHATTS_C_INCLUDE_DIR says, or in the tree around the crate.
fn include_dir() -> PathBuf {
    let beside = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../include");
    std::env::var_os("LIBBHASHATTS_C_INCLUDE_DIR").map_or(beside, PathBuf::from)
}

/// Then there is nothing to compare with, and the test says so.
fn stands_alone() -> bool {
    let alone = !include_dir().join("bhashatts/c.h").exists();
    if alone {
        println!("the crate stands alone: LIBBHASHATTS_C_INCLUDE_DIR may say where c.h is");
    }
    alone
}

/// What the C compiler says to it: nothing, when all is well.
fn complaints(name: &str, c: &str) -> String {
    let file = std::env::temp_dir().join(format!("bhashatts-{name}-{}.c", std::process::id()));
    std::fs::write(&file, PRELUDE.to_owned() + c).expect("a file for the compiler");
    let compiler = std::env::var("CC").unwrap_or_else(|_| "cc".to_owned());
    let said = Command::new(compiler)
        .args(["-std=c11", "-fsyntax-only", "-Wall", "-Wextra", "-Wpedantic", "-Werror", "-I"])
        .args([include_dir(), file.clone()])
        .output()
        .expect("a C compiler");
    let _ = std::fs::remove_file(&file);
    String::from_utf8_lossy(&said.stderr).into_owned()
}

#[test]
fn functions_have_the_types_of_the_headers() {
    if stands_alone() {
        return;
    }
    assert_eq!(complaints("functions", &functions_in_c(&flat())), "");
}

#[test]
fn no_function_is_forgotten() {
    if stands_alone() {
        return;
    }
    let source = flat();
    let mut declared: Vec<_> = items(&source, "pub fn ", ";").iter().map(|one| one.0).collect();
    let headers = ["c.h", "c_library.h", "c_plugins.h"].map(|header| {
        std::fs::read_to_string(include_dir().join("bhashatts").join(header)).expect(header)
    });
    let headers = headers.concat();
    let exports = headers.split("\nBHASHATTS_C_API ").skip(1);
    let mut exported: Vec<_> = exports
        .filter_map(|export| export.split('(').next()?.rsplit([' ', '*', '\n']).next())
        .collect();
    declared.sort_unstable();
    exported.sort_unstable();
    assert_eq!(declared, exported);
}

#[test]
fn structs_have_the_fields_and_sizes_of_the_headers() {
    if stands_alone() {
        return;
    }
    let sizes = sizes![
        Text,
        OpenOptions,
        Request,
        SpeechInfo,
        StreamPlace,
        Timing,
        Progress,
        PrewarmOptions,
        ImportOptions,
        RejectReport,
        ForgetReport,
        ClearOptions,
        ClearReport,
        SynthesisCosts,
        SynthesisRequest,
        SynthesizerLimits,
        Synthesizer,
        CacheTier,
        BlobLabels,
        BlobStore,
        EventSink
    ];
    let source = flat();
    let declared = items(&source, "#[repr(C)] pub struct ", "}");
    let names: Vec<_> = declared.iter().map(|one| one.0).collect();
    assert_eq!(names, sizes.map(|one| one.0));
    assert_eq!(complaints("structs", &(structs_in_c(&source) + &sizes_in_c(&sizes))), "");
}

#[test]
fn callbacks_have_the_types_of_the_headers() {
    if stands_alone() {
        return;
    }
    let c = aliases_in_c(&flat());
    assert_eq!(c.lines().count(), 5, "{c}");
    assert_eq!(complaints("callbacks", &c), "");
}

#[test]
fn numbers_are_those_of_the_headers() {
    if stands_alone() {
        return;
    }
    let c = numbers_in_c!(Code, "")
        + &numbers_in_c!(Format, "")
        + &numbers_in_c!(Origin, "FROM_")
        + &numbers_in_c!(Level, "LOG_")
        + &numbers_in_c!(State, "SYNTHESIZER_");
    assert_eq!(complaints("numbers", &c), "");
}

#[test]
fn what_differs_is_found() {
    if stands_alone() {
        return;
    }
    let size = sizes_in_c(&[("Text", 24)]);
    assert!(complaints("size", &size).contains("Text"));
    let field = "#[repr(C)] pub struct Text { pub data: *const u8, pub size: usize, } ";
    assert!(complaints("field", &structs_in_c(field)).contains("data"));
    let swapped = "#[repr(C)] pub struct Text { pub size: usize, pub data: *const c_char, } ";
    assert!(complaints("order", &structs_in_c(swapped)).contains("size, data"));
    let function = "pub fn bhashatts_version(which: i32) -> *const c_char;";
    assert!(complaints("function", &functions_in_c(function)).contains("bhashatts_version"));
}
