//! What the READMEs show is examples/readme.rs, which is compiled with the tests.

use std::path::Path;

#[test]
fn the_readmes_show_the_example() {
    let example = include_str!("../examples/readme.rs");
    for name in ["README.md", "../../README.md"] {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join(name);
        if name.starts_with("..") && !path.exists() {
            println!("the crate stands alone: there is no {name}");
            continue;
        }
        let text = std::fs::read_to_string(path).unwrap();
        assert!(text.contains(&format!("```rust\n{example}```")), "{name} shows something else");
    }
}
