use bhashatts::{Config, Engine, Request};

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let engine = Engine::open(&Config::from_environment()?)?;
    for _ in 0..2 {
        let speech = engine.synthesize(&Request::new("नमस्ते बच्चों"))?;
        std::fs::write("hello.wav", speech.audio())?; // a view, not a copy
        println!("{} bytes, {:?}", speech.audio().len(), speech.info().origin);
    }
    Ok(())
}
