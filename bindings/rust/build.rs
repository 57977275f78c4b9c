//! Finds libbhashatts_c: where LIBBHASHATTS_C_DIR says, or else as pkg-config says.
//!
//! The pkg-config program is called by hand, so that the crate needs no other one. A run path goes
//! into this package's own tests and examples only: where a host's programs look for libraries is
//! the host's to say.

use std::env;
use std::process::{exit, Command};

/// What the answer depends on.
const WATCHED: [&str; 5] = [
    "LIBBHASHATTS_C_DIR",
    "PKG_CONFIG",
    "PKG_CONFIG_PATH",
    "PKG_CONFIG_LIBDIR",
    "PKG_CONFIG_SYSROOT_DIR",
];

fn search_in(directory: &str) {
    println!("cargo:rustc-link-search=native={directory}");
    for kind in ["tests", "examples"] {
        println!("cargo:rustc-link-arg-{kind}=-Wl,-rpath,{directory}");
    }
}

fn obey(flag: &str) {
    if let Some(directory) = flag.strip_prefix("-L") {
        search_in(directory);
    } else if let Some(library) = flag.strip_prefix("-l") {
        println!("cargo:rustc-link-lib={library}");
    }
}

fn ask_pkg_config() -> Result<String, String> {
    let program = env::var("PKG_CONFIG").unwrap_or_else(|_| "pkg-config".to_owned());
    let answer = Command::new(&program)
        .args(["--libs", "bhashatts-c"])
        .output()
        .map_err(|error| format!("{program} cannot be run: {error}"))?;
    if !answer.status.success() {
        return Err(String::from_utf8_lossy(&answer.stderr).trim().to_owned());
    }
    Ok(String::from_utf8_lossy(&answer.stdout).into_owned())
}

fn main() {
    for name in WATCHED {
        println!("cargo:rerun-if-env-changed={name}");
    }
    if env::var_os("DOCS_RS").is_some() {
        return;
    }
    if let Ok(directory) = env::var("LIBBHASHATTS_C_DIR") {
        search_in(&directory);
        println!("cargo:rustc-link-lib=dylib=bhashatts_c");
        return;
    }
    match ask_pkg_config() {
        Ok(flags) => flags.split_whitespace().for_each(obey),
        Err(why) => {
            eprintln!("libbhashatts_c was not found: install bhashatts, or set PKG_CONFIG_PATH to");
            eprintln!(
                "where its bhashatts-c.pc is, or LIBBHASHATTS_C_DIR to where the library is."
            );
            eprintln!("pkg-config said: {why}");
            exit(1);
        }
    }
}
