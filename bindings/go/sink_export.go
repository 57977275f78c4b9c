package bhashatts

// #include "bridge.h"
import "C"

//export bgoDeliver
func bgoDeliver(context C.uintptr_t, json C.bhashatts_text) C.bhashatts_status {
	return member("the sink's Deliver", func() error {
		var events []Event
		if err := decode(goString(json), &events); err != nil {
			return err
		}
		return valueOf(context).(EventSink).Deliver(events)
	})
}
