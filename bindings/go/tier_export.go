package bhashatts

// #include "bridge.h"
import "C"

import (
	"time"
	"unsafe"
)

//export bgoTierGet
func bgoTierGet(context C.uintptr_t, key C.bhashatts_text, reply C.uintptr_t) C.bhashatts_status {
	return member("the tier's Get", func() error {
		value, err := valueOf(context).(CacheTier).Get(goString(key))
		if err != nil {
			return err
		}
		return replyBytes(reply, value)
	})
}

//export bgoTierPut
func bgoTierPut(context C.uintptr_t, key, language C.bhashatts_text, value unsafe.Pointer,
	size C.size_t, ttl C.int64_t) C.bhashatts_status {
	return member("the tier's Put", func() error {
		return valueOf(context).(CacheTier).Put(goString(key), goString(language),
			goBytes(value, size), time.Duration(ttl)*time.Second)
	})
}

//export bgoTierErase
func bgoTierErase(context C.uintptr_t, key C.bhashatts_text) C.bhashatts_status {
	return member("the tier's Erase", func() error {
		return valueOf(context).(CacheTier).Erase(goString(key))
	})
}

//export bgoTierClear
func bgoTierClear(context C.uintptr_t, language C.bhashatts_text, countOnly C.int32_t,
	entries *C.int64_t) C.bhashatts_status {
	return member("the tier's Clear", func() error {
		count, err := valueOf(context).(CacheTier).Clear(goString(language), countOnly != 0)
		*entries = C.int64_t(count)
		return err
	})
}
