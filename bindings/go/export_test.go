package bhashatts

// Live counts what Go holds of the library's, handles that wait to be used again left out.
func Live() map[string]int64 {
	for len(idleCancels) > 0 {
		destroyCancel(<-idleCancels)
	}
	return map[string]int64{
		"engines":  live.engines.Load(),
		"speeches": live.speeches.Load(),
		"streams":  live.streams.Load(),
		"cancels":  live.cancels.Load(),
		"contexts": live.contexts.Load(),
	}
}

// HandleOf is the number that C knows an engine by.
func HandleOf(engine *Engine) uintptr { return uintptr(engine.handle) }

// Decode reads the library's JSON.
func Decode(text string, to any) error { return decode(text, to) }
