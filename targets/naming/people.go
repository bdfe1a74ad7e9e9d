package naming

import (
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
)

// A Person is what somebody says of themselves. Whoever is registered for a test is
// made up.
type Person struct {
	Name, Email, Password string
	BirthDate             time.Time // of a patient
}

// PersonOf is somebody of a handle. Name and e-mail address are unique on the
// service, because the namespace is. The password is not the same for two users,
// who may have the same e-mail address one after the other; it protects nothing.
func PersonOf(world models.Namespace, h models.Handle) Person {
	return Person{
		Name:     string(h) + " " + string(world),
		Email:    string(h) + "." + string(world) + "@crosstalk.example",
		Password: "only-for-conformance-tests-" + string(h),
	}
}

// PatientOf is what a patient says of themselves who registers at a time, with
// another's e-mail address or as another's namesake. An age that is given counts
// more than the namesake's. It reports whether the service has registered those
// others.
func PatientOf(world models.Namespace, op models.Patient, now time.Time, known func(models.Handle) (Person, bool)) (p Person, ok bool) {
	p = PersonOf(world, op.Name)
	p.BirthDate = birthDate(now, op.Years())
	if op.Email != "" {
		other, ok := known(op.Email)
		if !ok {
			return p, false
		}
		p.Email = other.Email
	}
	if op.Like != "" {
		other, ok := known(op.Like)
		if !ok {
			return p, false
		}
		p.Name = other.Name
		if op.Age == 0 && !other.BirthDate.IsZero() {
			p.BirthDate = other.BirthDate
		}
	}
	return p, true
}

// birthDate is that of somebody who has turned so many years old yesterday.
func birthDate(now time.Time, years int) time.Time { return now.UTC().AddDate(-years, 0, -1) }

// MemberNumber is an insurance number unique in a world, of 32 characters at
// most.
func MemberNumber(world models.Namespace, h models.Handle) string {
	n := string(world) + "-" + string(h)
	return n[:min(len(n), 32)]
}
