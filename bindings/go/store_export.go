package bhashatts

// #include "bridge.h"
import "C"

import (
	"errors"
	"unsafe"
)

var errBelowZero = errors.New("an object's size is below 0")

//export bgoStoreGet
func bgoStoreGet(context C.uintptr_t, name C.bhashatts_text, reply C.uintptr_t) C.bhashatts_status {
	return member("the store's Get", func() error {
		data, err := valueOf(context).(BlobStore).Get(goString(name))
		if err != nil {
			return err
		}
		return replyBytes(reply, data)
	})
}

//export bgoStorePut
func bgoStorePut(context C.uintptr_t, name C.bhashatts_text, data unsafe.Pointer, size C.size_t,
	labels *C.bhashatts_blob_labels, alreadyThere *C.int32_t) C.bhashatts_status {
	return member("the store's PutIfAbsent", func() error {
		stored, err := valueOf(context).(BlobStore).PutIfAbsent(goString(name), goBytes(data, size),
			BlobLabels{goString(labels.media_type), goString(labels.identity),
				milliseconds(labels.duration_ms)})
		*alreadyThere = flag(!stored)
		return err
	})
}

//export bgoStoreInfo
func bgoStoreInfo(context C.uintptr_t, name C.bhashatts_text, size *C.uint64_t) C.bhashatts_status {
	return member("the store's Info", func() error {
		found, err := valueOf(context).(BlobStore).Info(goString(name))
		*size = C.uint64_t(found)
		if err == nil && found < 0 {
			return errBelowZero
		}
		return err
	})
}

//export bgoStoreRemove
func bgoStoreRemove(context C.uintptr_t, name C.bhashatts_text) C.bhashatts_status {
	return member("the store's Remove", func() error {
		return valueOf(context).(BlobStore).Remove(goString(name))
	})
}

//export bgoStoreList
func bgoStoreList(context C.uintptr_t, prefix C.bhashatts_text,
	visit, visitor C.uintptr_t) C.bhashatts_status {
	return member("the store's List", func() error {
		wrong := false
		err := valueOf(context).(BlobStore).List(goString(prefix), func(name string, size int64) bool {
			wrong = wrong || size < 0
			return !wrong && visitBlob(visit, visitor, name, size)
		})
		if err == nil && wrong {
			return errBelowZero
		}
		return err
	})
}

//export bgoStoreURL
func bgoStoreURL(context C.uintptr_t, name C.bhashatts_text, reply C.uintptr_t) C.bhashatts_status {
	return member("the store's URL", func() error {
		url, err := valueOf(context).(BlobStore).URL(goString(name))
		if err != nil {
			return err
		}
		return replyText(reply, url)
	})
}

//export bgoStorePath
func bgoStorePath(context C.uintptr_t, name C.bhashatts_text, reply C.uintptr_t) C.bhashatts_status {
	return member("the store's LocalPath", func() error {
		store, ok := valueOf(context).(LocalPather)
		if !ok {
			return ErrNotFound
		}
		path, err := store.LocalPath(goString(name))
		if err != nil {
			return err
		}
		return replyText(reply, path)
	})
}
