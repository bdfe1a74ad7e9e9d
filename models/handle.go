package models

import (
	"strconv"
	"strings"
)

// Handle is the symbolic name of somebody or something in a trace: a patient
// (alice), a clinician (dr1), a booking (b1), a recording (b1.r1, the first
// recording of b1's consultation), a playback link (l1) or a cursor (c1). Handles are stable and never server ids; a
// server id lives only inside a target. The empty Handle names nothing.
type Handle string

// patientNames are the canonical names of patients, in order of registration.
var patientNames = [...]Handle{"alice", "bob", "carol", "dave", "erin", "frank", "grace", "heidi", "ivan", "judy"}

// PatientHandle returns the canonical name of the nth patient, n from 1.
func PatientHandle(n int) Handle {
	if n <= len(patientNames) {
		return patientNames[n-1]
	}
	return Handle("p" + strconv.Itoa(n))
}

// ClinicianHandle returns the canonical name of the nth clinician, n from 1.
func ClinicianHandle(n int) Handle { return Handle("dr" + strconv.Itoa(n)) }

// BookingHandle returns the canonical name of the nth booking, n from 1.
func BookingHandle(n int) Handle { return Handle("b" + strconv.Itoa(n)) }

// PhantomHandle returns the name of the nth row that belongs to no
// consultation, n from 1: ?1, ?2 and so on. Phantoms occur in responses only.
func PhantomHandle(n int) Handle { return Handle("?" + strconv.Itoa(n)) }

// LinkHandle returns the canonical name of the nth playback link, n from 1.
func LinkHandle(n int) Handle { return Handle("l" + strconv.Itoa(n)) }

// CursorHandle returns the canonical name of the nth cursor, n from 1.
func CursorHandle(n int) Handle { return Handle("c" + strconv.Itoa(n)) }

// RecordingHandle returns the name of the nth recording of a booking's
// consultation, n from 1.
func RecordingHandle(booking Handle, n int) Handle {
	return booking + Handle(".r"+strconv.Itoa(n))
}

// Recording splits the name of a recording into its booking and its number. It
// returns false for any other handle.
func (h Handle) Recording() (booking Handle, n int, ok bool) {
	name, number, found := strings.Cut(string(h), ".r")
	if !found || name == "" {
		return "", 0, false
	}
	n, err := strconv.Atoi(number)
	if err != nil || n < 1 || number[0] == '0' || number[0] == '+' {
		return "", 0, false
	}
	return Handle(name), n, true
}

// Booking returns the booking that a recording's handle belongs to, or the
// handle itself when it does not name a recording.
func (h Handle) Booking() Handle {
	if booking, _, ok := h.Recording(); ok {
		return booking
	}
	return h
}

// reserved are the names that no line of a trace can define: the subjects of a
// [Row] that are not patients, and the actors that need no registration.
var reserved = [...]Handle{Nobody, Somebody, Anyone, Operator, Service}

// The actors that need no registration.
const (
	Anyone   Handle = "anyone"   // a caller without a token
	Operator Handle = "operator" // who runs the service
	Service  Handle = "service"  // the service's environment
)

// Phantom reports whether the handle stands for what never existed: ?1.
func (h Handle) Phantom() bool { return len(h) > 1 && h[0] == '?' }

// rename applies f to the handle, or to the booking of a recording's handle.
// Reserved names and phantoms stay.
func (h Handle) rename(f func(Handle) Handle) Handle {
	if h == "" || h.Phantom() || h == Anyone || h == Operator || h == Service {
		return h
	}
	if booking, n, ok := h.Recording(); ok {
		return RecordingHandle(f(booking), n)
	}
	return f(h)
}
