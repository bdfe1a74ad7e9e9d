package store

import (
	"context"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

// Book adds a consultation; [ErrTaken] when the practitioner's slot is.
func (t *Tx) Book(c care.Consultation) error {
	_, err := t.exec(book, c.Appointment, c.Encounter, c.Patient, c.Practitioner, c.Slot, c.Booked, c.Description,
		c.Status, c.Mode, c.PatientPresence, c.PractitionerPresence, c.Stretch, c.Segments, c.Captured,
		c.Guest, c.GuestPresence, c.Proposed, c.Proposer, c.Met, c.Apart)
	return classify("book", err)
}

// Save keeps what may change of a consultation; [ErrTaken] when it has moved to a slot that is.
func (t *Tx) Save(c care.Consultation) error {
	_, err := t.exec(saveConsultation, c.Slot, c.Booked, c.Status, c.Mode, c.PatientPresence, c.PractitionerPresence,
		c.GuestPresence, c.Stretch, c.Segments, c.Captured, c.Proposed, c.Proposer, c.Met, c.Apart, c.Seq)
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

func scanConsultation(row interface{ Scan(...any) error }) (care.Consultation, error) {
	var c care.Consultation
	err := row.Scan(&c.Seq, &c.Appointment, &c.Encounter, &c.Patient, &c.Practitioner, &c.Slot, &c.Booked, &c.Description,
		&c.Status, &c.Mode, &c.PatientPresence, &c.PractitionerPresence, &c.Stretch, &c.Segments, &c.Captured,
		&c.Guest, &c.GuestPresence, &c.Proposed, &c.Proposer, &c.Met, &c.Apart)
	return c, classify("find consultation", err)
}

// InProgressOf returns the consultations in progress in which somebody takes part, in whatever role; everybody's if user is
// empty.
func (t *Tx) InProgressOf(user string) ([]care.Consultation, error) {
	rows, err := t.rows(inProgressOf, user)
	if err != nil {
		return nil, classify("list consultations", err)
	}
	defer rows.Close()
	var all []care.Consultation
	for rows.Next() {
		c, err := scanConsultation(rows)
		if err != nil {
			return nil, err
		}
		all = append(all, c)
	}
	return all, classify("list consultations", rows.Err())
}

// Plans tells whether somebody has booked a consultation that is planned, or is to hold one.
func (t *Tx) Plans(user string) (bool, error) {
	var any bool
	err := t.row(plans, user).Scan(&any)
	return any, classify("find consultation", err)
}

// PlannedOf returns the consultations that a patient has booked and that are planned.
func (s *Store) PlannedOf(ctx context.Context, patient string) ([]care.Notice, error) {
	return s.notices(ctx, plannedOf, patient)
}

// FreeSlots lets a practitioner's slot be taken any number of times, from now on.
func (s *Store) FreeSlots(ctx context.Context) error {
	_, err := s.exec(ctx, freeSlots)
	return classify("free slots", err)
}

// SendOut makes everybody absent from every consultation, which goes on.
func (t *Tx) SendOut() error {
	_, err := t.exec(sendOut)
	return classify("send everybody out", err)
}
