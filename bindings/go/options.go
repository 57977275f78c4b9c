package bhashatts

// How plug-ins get to the library: as numbers (runtime/cgo handles), which it gives back by bgoForget
// exactly once, whether the engine opened or not. So nothing here frees them.

// #include "bridge.h"
import "C"

import (
	"fmt"
	"runtime/cgo"
	"unsafe"
)

// An Option is what Open takes beside the settings.
type Option func(*options)

type options struct {
	fromEnvironment bool
	json            []string
	plugins         []plugin
}

// A plugin is one before it has a handle.
type plugin struct {
	kind  C.int32_t
	value any
	name  string // of a tier or a sink, once it was asked
}

func optionsOf(given []Option) *options {
	o := &options{}
	for _, option := range given {
		option(o)
	}
	return o
}

// FromEnvironment begins with the settings that the process's environment holds
// (BHASHATTS_DATA_DIR, ...). Without it the environment is not read.
func FromEnvironment() Option {
	return func(o *options) { o.fromEnvironment = true }
}

// WithJSON sets all that a JSON object holds, over the environment and under the Config.
func WithJSON(settings string) Option {
	return func(o *options) { o.json = append(o.json, settings) }
}

// WithSynthesizer lets s speak, in the place of the configured synthesizer.
func WithSynthesizer(s Synthesizer) Option {
	return with(plugin{C.BGO_SYNTHESIZER, s, ""})
}

// WithFallbacks says who is asked next, in this order, when the synthesizer cannot speak.
func WithFallbacks(fallbacks ...Synthesizer) Option {
	all := make([]plugin, 0, len(fallbacks))
	for _, s := range fallbacks {
		all = append(all, plugin{C.BGO_FALLBACK, s, ""})
	}
	return with(all...)
}

// WithTiers adds tiers that are asked after memory and disk, in this order.
func WithTiers(tiers ...CacheTier) Option {
	all := make([]plugin, 0, len(tiers))
	for _, tier := range tiers {
		all = append(all, plugin{C.BGO_TIER, tier, ""})
	}
	return with(all...)
}

// WithBlobStore keeps the masters in store, in the place of the data directory or the configured
// bucket.
func WithBlobStore(store BlobStore) Option {
	return with(plugin{C.BGO_STORE, store, ""})
}

// WithEventSinks adds observers.
func WithEventSinks(sinks ...EventSink) Option {
	all := make([]plugin, 0, len(sinks))
	for _, sink := range sinks {
		all = append(all, plugin{C.BGO_SINK, sink, ""})
	}
	return with(all...)
}

func with(plugins ...plugin) Option {
	return func(o *options) { o.plugins = append(o.plugins, plugins...) }
}

// askNames asks tiers and sinks for theirs.
func (o *options) askNames() error {
	for i := range o.plugins {
		if p := &o.plugins[i]; p.kind == C.BGO_TIER || p.kind == C.BGO_SINK {
			if failure := p.askName(); failure != nil {
				return failure
			}
		}
	}
	return nil
}

func (p *plugin) askName() *Error {
	what := map[C.int32_t]string{C.BGO_TIER: "the tier's Name", C.BGO_SINK: "the sink's Name"}
	return guarded(what[p.kind], func() *Error {
		p.name = p.value.(interface{ Name() string }).Name()
		return nil
	})
}

// check finds what would be nobody's fault but the caller's: a plug-in that is nil, a second one
// where there is room for one.
func (o *options) check() error {
	var count [C.BGO_SINK + 1]int
	most := [...]int{1, C.BGO_MOST_PLUGINS, C.BGO_MOST_PLUGINS, 1, C.BGO_MOST_PLUGINS}
	kinds := [...]string{"synthesizer", "fallbacks", "tiers", "blob store", "event sinks"}
	for _, p := range o.plugins {
		if p.value == nil {
			return badRequest("a plug-in is nil")
		}
		if count[p.kind]++; count[p.kind] > most[p.kind] {
			return badRequest(fmt.Sprintf("an engine has at most %d %s", most[p.kind], kinds[p.kind]))
		}
	}
	return nil
}

// handOver makes what bgo_open takes, and a function that frees the names once it has been taken. The
// handles are the library's from then on, whether it could open or not: bgoForget.
func (o *options) handOver(closing <-chan struct{}) (given []C.bgo_plugin, free func()) {
	for _, p := range o.plugins {
		if s, ok := p.value.(Synthesizer); ok && p.kind <= C.BGO_FALLBACK {
			p.value = &voice{s, closing}
		}
		given = append(given, C.bgo_plugin{
			kind: p.kind, context: newContext(p.value), name: C.CString(p.name)})
	}
	return given, func() {
		for _, p := range given {
			C.free(unsafe.Pointer(p.name))
		}
	}
}

// newContext makes what the library knows a value of Go's by.
func newContext(value any) C.uintptr_t {
	live.contexts.Add(1)
	return C.uintptr_t(cgo.NewHandle(value))
}

func freeContext(context C.uintptr_t) {
	cgo.Handle(context).Delete()
	live.contexts.Add(-1)
}

func valueOf(context C.uintptr_t) any { return cgo.Handle(context).Value() }
