package models

// Thing is a sort of thing that handles name.
type Thing string

// The things that handles name. The empty Thing is none.
const (
	APatient   Thing = "patient"
	AClinician Thing = "clinician"
	ABooking   Thing = "booking"
	ARecording Thing = "recording"
	ALink      Thing = "link"
	ACursor    Thing = "cursor"
)

// definable is what stands for a thing wherever its handle is used: either of the
// users, and for a recording its booking.
func (t Thing) definable() Thing {
	switch t {
	case AClinician:
		return APatient
	case ARecording:
		return ABooking
	}
	return t
}

// expected names what can stand in the place of a thing.
func (t Thing) expected() string {
	if t.definable() == APatient {
		return "a patient or a clinician"
	}
	return "a " + string(t.definable())
}

// canonical is the canonical name of the nth thing of its sort, n from 1.
func (t Thing) canonical(n int) Handle {
	switch t {
	case AClinician:
		return ClinicianHandle(n)
	case ABooking:
		return BookingHandle(n)
	case ALink:
		return LinkHandle(n)
	case ACursor:
		return CursorHandle(n)
	}
	return PatientHandle(n)
}
