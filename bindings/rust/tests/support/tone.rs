// Used by tests, examples and doc tests (which include it): a voice that beeps, and a directory
// for an engine. No line of it is part of the crate.

/// A WAV file that the engine's gate takes for speech of the text: bursts of a tone, about one a
/// syllable, which rise and fall, and quiet at the end. Other texts give other tones.
pub fn tone(text: &str) -> Vec<u8> {
    const RATE: usize = 8_000;
    let mix = |hash: u64, byte| (hash ^ u64::from(byte)).wrapping_mul(0x100_0000_01b3);
    let hash = text.bytes().fold(0xcbf2_9ce4_8422_2325, mix);
    let (burst, period) = (RATE / 6, RATE / (120 + (hash % 97) as usize));
    let size = RATE / 5 + aksharas(text) * RATE * 3 / 20;
    let (loud, last) = ((burst * 4 / 5) as i64, size - RATE / 12);
    let mut noise = hash | 1;
    let samples = (0..size).map(|i| {
        let at = (i % burst) as i64;
        let swell = if at < loud && i < last { at * (loud - at) } else { 0 };
        let triangle = (4 * (i % period) as i64 - 2 * period as i64).abs() - period as i64;
        noise = noise.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963);
        let tone = 54_000 * swell / (burst * burst) as i64 * triangle / period as i64;
        (tone + (noise >> 60) as i64) as i16
    });
    wav(RATE as u32, &samples.flat_map(i16::to_le_bytes).collect::<Vec<u8>>())
}

/// Letters that are no vowel signs, less those that a virama joins to the next. The blocks of the
/// Indian scripts are alike.
fn aksharas(text: &str) -> usize {
    let alike = |c: char| u32::from(c) & 0x7f;
    let indian = |c: &char| matches!(c, '\u{900}'..='\u{d7f}');
    let letter = |c: char| matches!(alike(c), 0x04..=0x39 | 0x58..=0x61);
    let latin = text.chars().filter(char::is_ascii_alphabetic).count();
    let letters = text.chars().filter(indian).filter(|&c| letter(c)).count();
    let joined = text.chars().filter(indian).filter(|&c| alike(c) == 0x4d).count();
    (letters.saturating_sub(joined) + latin / 2).max(1)
}

fn wav(rate: u32, samples: &[u8]) -> Vec<u8> {
    let size = samples.len() as u32;
    let mut file = Vec::with_capacity(44 + samples.len());
    file.extend_from_slice(b"RIFF");
    file.extend_from_slice(&(36 + size).to_le_bytes());
    file.extend_from_slice(b"WAVEfmt \x10\0\0\0\x01\0\x01\0"); // PCM, mono
    file.extend_from_slice(&rate.to_le_bytes());
    file.extend_from_slice(&(2 * rate).to_le_bytes());
    file.extend_from_slice(b"\x02\0\x10\0data");
    file.extend_from_slice(&size.to_le_bytes());
    file.extend_from_slice(samples);
    file
}

/// A voice that says a tone.
pub struct Tone;

impl bhashatts::Synthesizer for Tone {
    fn identity(&self) -> String {
        "example/tone@1".to_owned()
    }
    fn synthesize(
        &self,
        request: &bhashatts::SynthesisRequest<'_>,
    ) -> Result<bhashatts::Synthesis, bhashatts::Error> {
        Ok(bhashatts::Synthesis::new(tone(request.text)))
    }
}

/// A directory that goes with its owner.
pub struct TempDir(std::path::PathBuf);

impl TempDir {
    pub fn create() -> TempDir {
        static NUMBER: std::sync::atomic::AtomicU32 = std::sync::atomic::AtomicU32::new(0);
        let number = NUMBER.fetch_add(1, std::sync::atomic::Ordering::Relaxed);
        let name = format!("bhashatts-rust-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).expect("a temporary directory");
        TempDir(path)
    }

    pub fn path(&self) -> &str {
        self.0.to_str().expect("a path of ASCII")
    }
}

impl Drop for TempDir {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
