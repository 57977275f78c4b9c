use std::fmt;

use crate::convert::text;
use crate::error::{check, Error};
use crate::handle::{text_made, Handle};
use crate::sys;

/// Settings of an engine, by their JSON names; docs/settings.md of the library names them all.
///
/// ```
/// # fn main() -> Result<(), bhashatts::Error> {
/// let config = bhashatts::Config::new()?
///     .with("data_dir", "/var/lib/speech")?
///     .with("default_timeout_ms", "60000")?;
/// assert!(config.to_json()?.contains("/var/lib/speech"));
/// # Ok(())
/// # }
/// ```
pub struct Config(Handle<sys::Config>);

impl Config {
    /// All defaults. Fails only where there is no memory.
    pub fn new() -> Result<Config, Error> {
        // SAFETY: `out` is where the handle goes.
        Handle::made(|out| unsafe { sys::bhashatts_config_create(out) }).map(Config)
    }

    /// What the environment says, over the defaults. Not beside a thread that changes the
    /// environment.
    pub fn from_environment() -> Result<Config, Error> {
        // SAFETY: `out` is where the handle goes.
        Handle::made(|out| unsafe { sys::bhashatts_config_from_environment(out) }).map(Config)
    }

    /// Sets one setting; the value as the environment would spell it. An engine that
    /// was opened with these settings keeps its own.
    ///
    /// # Errors
    /// [`ConfigInvalid`](crate::Code::ConfigInvalid): no such setting, or no such value; the
    /// message says what may stand there.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), Error> {
        // SAFETY: the handle is alive, the texts are until the call returns.
        check(unsafe { sys::bhashatts_config_set(self.get(), text(name), text(value)) })
    }

    /// As [`set`](Config::set), to be chained.
    pub fn with(mut self, name: &str, value: &str) -> Result<Config, Error> {
        self.set(name, value)?;
        Ok(self)
    }

    /// Sets all that a JSON object holds, or nothing.
    pub fn set_json(&mut self, json: &str) -> Result<(), Error> {
        // SAFETY: as in `set`.
        check(unsafe { sys::bhashatts_config_set_json(self.get(), text(json)) })
    }

    /// The settings as JSON, secrets as `***`.
    pub fn to_json(&self) -> Result<String, Error> {
        // SAFETY: the handle is alive, `out` is where the text's goes.
        text_made(|out| unsafe { sys::bhashatts_config_json(self.get(), out) })
    }

    pub(crate) fn get(&self) -> *mut sys::Config {
        self.0.get()
    }
}

impl fmt::Debug for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let json = self.to_json().unwrap_or_default();
        f.debug_tuple("Config").field(&json).finish()
    }
}
