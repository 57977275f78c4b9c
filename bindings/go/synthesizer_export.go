package bhashatts

// #include "bridge.h"
import "C"

//export bgoIdentity
func bgoIdentity(context, reply C.uintptr_t) C.bhashatts_status {
	return member("the synthesizer's Identity", func() error {
		return replyText(reply, valueOf(context).(*voice).Identity())
	})
}

//export bgoLimits
func bgoLimits(context C.uintptr_t, to *C.bhashatts_synthesizer_limits) C.bhashatts_status {
	return member("the synthesizer's Limits", func() error {
		limits := valueOf(context).(*voice).Limits()
		if limits.Concurrency == 0 {
			limits.Concurrency = 1
		}
		to.max_cost_micro_usd = C.int64_t(limits.MaxCostMicroUSD)
		var err error
		if to.max_aksharas, err = int32Of("the limit MaxAksharas", limits.MaxAksharas); err != nil {
			return err
		}
		to.concurrency, err = int32Of("the limit Concurrency", limits.Concurrency)
		return err
	})
}

//export bgoSynthesize
func bgoSynthesize(context C.uintptr_t, request *C.bhashatts_synthesis_request,
	stop, reply C.uintptr_t) C.bhashatts_status {
	return member("the synthesizer's Synthesize", func() error {
		return valueOf(context).(*voice).speak(SynthesisRequest{
			Text:        goString(request.text),
			Language:    goString(request.language),
			VoiceStyle:  goString(request.voice_style),
			Description: goString(request.description),
			Take:        int(request.take),
			Attempt:     int(request.attempt),
		}, milliseconds(request.timeout_ms), stop, reply)
	})
}

// One that panics when it is asked is not available.
//
//export bgoState
func bgoState(context, reply C.uintptr_t) C.bhashatts_synthesizer_state {
	var status SynthesizerStatus
	failure := guarded("the synthesizer's Status", func() *Error {
		status = valueOf(context).(*voice).Status()
		return nil
	})
	if failure != nil {
		status = SynthesizerStatus{Unavailable, failure.Message}
	}
	_ = replyText(reply, status.Message) // the state counts, with a message or without
	return C.bhashatts_synthesizer_state(status.State)
}
