package store

import (
	"context"
	"database/sql"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

// Book adds a consultation; [ErrTaken] when the practitioner's slot is.
func (t *Tx) Book(c care.Consultation) error {
	_, err := t.exec(book, c.Appointment, c.Encounter, c.Patient, c.Practitioner, c.Slot, c.Booked, c.Description,
		c.Status, c.Mode, c.PatientPresence, c.PractitionerPresence, c.Stretch, c.Segments, c.Captured,
		c.Guest, c.GuestPresence)
	return classify("book", err)
}

// Save keeps what may change of a consultation; [ErrTaken] when it has moved to a slot that is.
func (t *Tx) Save(c care.Consultation) error {
	_, err := t.exec(saveConsultation, c.Slot, c.Status, c.Mode, c.PatientPresence, c.PractitionerPresence,
		c.GuestPresence, c.Stretch, c.Segments, c.Captured, c.Seq)
	return classify("save consultation", err)
}

// ByEncounter returns the consultation with that encounter.
func (t *Tx) ByEncounter(id string) (care.Consultation, error) {
	return scanConsultation(t.row(byEncounter, id))
}

// ByAppointment returns the consultation with that appointment.
func (t *Tx) ByAppointment(id string) (care.Consultation, error) {
	return scanConsultation(t.row(byAppointment, id))
}

// ByEncounter returns the consultation with that encounter.
func (s *Store) ByEncounter(ctx context.Context, id string) (care.Consultation, error) {
	return scanConsultation(s.row(ctx, byEncounter, id))
}

// ByAppointment returns the consultation with that appointment.
func (s *Store) ByAppointment(ctx context.Context, id string) (care.Consultation, error) {
	return scanConsultation(s.row(ctx, byAppointment, id))
}

func scanConsultation(row *sql.Row) (care.Consultation, error) {
	var c care.Consultation
	err := row.Scan(&c.Seq, &c.Appointment, &c.Encounter, &c.Patient, &c.Practitioner, &c.Slot, &c.Booked, &c.Description,
		&c.Status, &c.Mode, &c.PatientPresence, &c.PractitionerPresence, &c.Stretch, &c.Segments, &c.Captured,
		&c.Guest, &c.GuestPresence)
	return c, classify("find consultation", err)
}
