package bhashatts

// #include "bridge.h"
import "C"

import (
	"encoding/json"
	"sort"
)

// A Config is settings by name, "data_dir"; values are written as the environment would spell them:
// "30", "true", "espeak". docs/settings.md lists them; what is not there has its default. A name or
// value that does not exist fails with ErrConfigInvalid, whose message says what may stand there.
type Config map[string]string

// JSON is the settings that Open would take of this Config and these options, all of them, by their
// names, secrets as "***"; it opens nothing. It fails with ErrConfigInvalid.
func (c Config) JSON(opts ...Option) (json.RawMessage, error) {
	settings, err := optionsOf(opts).build(c)
	if err != nil {
		return nil, err
	}
	defer settings.free()
	text, err := taken(C.bgo_config_text(C.uintptr_t(settings)))
	return json.RawMessage(text), err
}

// A configHandle is settings on the library's side.
type configHandle C.uintptr_t

func newConfig(fromEnvironment bool) (configHandle, error) {
	config := C.bgo_config_new(flag(fromEnvironment))
	return configHandle(config.handle), errorOf(config.done)
}

func (h configHandle) free() { C.bgo_config_free(C.uintptr_t(h)) }

// set sets them in the order of their names, so that the same mistake gives the same message.
func (h configHandle) set(config Config) error {
	names := make([]string, 0, len(config))
	for name := range config {
		names = append(names, name)
	}
	sort.Strings(names)
	for _, name := range names {
		if err := setOne(C.uintptr_t(h), name, config[name]); err != nil {
			return err
		}
	}
	return nil
}

// build makes the settings of an open: the environment, where it was asked for; JSON over it; the map
// over both.
func (o *options) build(config Config) (configHandle, error) {
	handle, err := newConfig(o.fromEnvironment)
	if err != nil {
		return 0, err
	}
	for _, json := range o.json {
		if err == nil {
			err = setAll(C.uintptr_t(handle), json)
		}
	}
	if err == nil {
		err = handle.set(config)
	}
	if err != nil {
		handle.free()
		return 0, err
	}
	return handle, nil
}
