package bhashatts

// #include "bridge.h"
import "C"

import (
	"encoding/json"
	"runtime"
)

// report asks for one of the library's reports.
func (e *Engine) report(which C.int32_t) (string, error) {
	defer runtime.KeepAlive(e)
	text, err := taken(C.bgo_report(e.handle, which))
	return text, e.closedOr(err)
}

// reportInto asks for one and reads it.
func (e *Engine) reportInto(which C.int32_t, to any) error {
	text, err := e.report(which)
	if err != nil {
		return err
	}
	return decode(text, to)
}

// Status says whether all is well, without synthesising anything; the synthesizer is asked at most
// every 30 s. It fails with ErrClosed and the codes of storage (6xx).
func (e *Engine) Status() (status Status, err error) {
	err = e.reportInto(C.BGO_STATUS, &status)
	return status, err
}

// Stats counts what is kept, asked for and paid. It fails with ErrClosed and the codes of storage
// (6xx).
func (e *Engine) Stats() (stats Stats, err error) {
	err = e.reportInto(C.BGO_STATS, &stats)
	return stats, err
}

// Verify checks everything that is kept, and with repair heals what it can. It fails with ErrClosed
// and the codes of storage (6xx); damage is in the report.
func (e *Engine) Verify(repair bool) (report VerifyReport, err error) {
	which := C.int32_t(C.BGO_VERIFY)
	if repair {
		which = C.BGO_REPAIR
	}
	err = e.reportInto(which, &report)
	return report, err
}

// Config is the effective settings, a JSON object by their names, secrets as "***". It fails with
// ErrClosed.
func (e *Engine) Config() (json.RawMessage, error) {
	text, err := e.report(C.BGO_CONFIG)
	return json.RawMessage(text), err
}

// Voices lists the languages, styles and descriptions of a profile: "guide" or "roster"; empty:
// roster. It fails with ErrConfigInvalid.
func Voices(profile string) (voices VoiceList, err error) {
	text, err := voicesJSON(profile)
	if err == nil {
		err = decode(text, &voices)
	}
	return voices, err
}

// ForgetText erases a text in every language, style and format. Nothing to forget is no error. It
// fails with the codes of bad input (2xx) and of storage (6xx), and with ErrClosed.
func (e *Engine) ForgetText(text string) (ForgetReport, error) {
	defer runtime.KeepAlive(e)
	report, err := forgetText(e.handle, text)
	return report, e.closedOr(err)
}

// ForgetUser erases all usage of a user. It fails as ForgetText does.
func (e *Engine) ForgetUser(userID string) (ForgetReport, error) {
	defer runtime.KeepAlive(e)
	report, err := forgetUser(e.handle, userID)
	return report, e.closedOr(err)
}

// Clear removes audio: from the tiers, or everywhere. It fails with ErrLanguageUnknown, ErrClosed and
// the codes of storage (6xx).
func (e *Engine) Clear(options ClearOptions) (ClearReport, error) {
	defer runtime.KeepAlive(e)
	report, err := clearAll(e.handle, options)
	return report, e.closedOr(err)
}
