package main

import (
	"io"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// The phases of an appointment.
const (
	booked    = "booked"
	running   = "running"
	done      = "done"
	calledOff = "called off"
)

// appointment is one, with its visit.
type appointment struct {
	no              int
	patient, doctor *person
	note            string
	slot            int
	medium          string // call or video
	phase           string
	inside          []*person
	part            *recording // into which media goes now; nil where nothing was sent yet
	parts           int
	over            time.Time
}

func (a *appointment) takesPart(who *person) bool { return who == a.patient || who == a.doctor }

func (a *appointment) fields() fields {
	return fields{"appointment": fields{"no": a.no, "doctor": a.doctor.no, "note": a.note, "slot": a.slot, "medium": a.medium, "phase": a.phase}}
}

func isMedium(text string) bool { return text == "call" || text == "video" }

func (p *practice) makeAppointment(r *request) any {
	form, wrong := r.form("doctor", "note", "medium", "slot")
	if wrong != nil {
		return *wrong
	}
	no, _ := strconv.Atoi(form["doctor"])
	slot, err := strconv.Atoi(form["slot"])
	var doctor *person
	for _, who := range p.people {
		if who.no == no && who.doctor {
			doctor = who
		}
	}
	switch {
	case doctor == nil:
		return refusal{http.StatusUnprocessableEntity, "doctor: there is no doctor " + form["doctor"]}
	case !isMedium(form["medium"]):
		return refusal{http.StatusUnprocessableEntity, "medium is neither call nor video"}
	case err != nil:
		return refusal{http.StatusBadRequest, "slot is no number"}
	case p.taken(doctor, slot):
		return refusal{http.StatusConflict, "the doctor is busy then"}
	}
	a := &appointment{no: p.number(), patient: r.person, doctor: doctor, note: form["note"], slot: slot, medium: form["medium"], phase: booked}
	p.appointments[a.no] = a
	return a.fields()
}

func (p *practice) taken(doctor *person, slot int) bool {
	for _, a := range p.appointments {
		if a.doctor == doctor && a.slot == slot && (a.phase == booked || a.phase == running) {
			return true
		}
	}
	return false
}

func (p *practice) move(r *request) any {
	form, wrong := r.form("slot")
	if wrong != nil {
		return *wrong
	}
	a := r.appointment
	slot, err := strconv.Atoi(form["slot"])
	switch {
	case err != nil:
		return refusal{http.StatusBadRequest, "slot is no number"}
	case a.phase != booked || slot != a.slot && p.taken(a.doctor, slot):
		return refusal{http.StatusConflict, "it cannot be moved there"}
	}
	a.slot = slot
	return a.fields()
}

func (p *practice) callOff(r *request) any {
	if r.appointment.phase != booked {
		return refusal{http.StatusConflict, "it has begun"}
	}
	r.appointment.phase = calledOff
	return r.appointment.fields()
}

func (p *practice) enter(r *request) any {
	a := r.appointment
	if a.phase != booked && a.phase != running {
		return refusal{http.StatusConflict, "the visit is over"}
	}
	a.phase = running
	if !slices.Contains(a.inside, r.person) {
		a.inside = append(a.inside, r.person)
	}
	return a.fields()
}

// inside refuses what only somebody in the visit may do.
func (r *request) inside() *refusal {
	if !slices.Contains(r.appointment.inside, r.person) {
		return &refusal{http.StatusConflict, "you are not in the visit"}
	}
	return nil
}

func (p *practice) upload(r *request) any {
	if wrong := r.inside(); wrong != nil {
		return *wrong
	}
	file, _, err := r.FormFile("clip")
	if err != nil {
		return refusal{http.StatusBadRequest, "expected multipart/form-data with a file named clip"}
	}
	clip, err := io.ReadAll(file)
	if err != nil {
		return refusal{http.StatusBadRequest, "the clip broke off"}
	}
	a := r.appointment
	if a.part == nil {
		a.parts++
		a.part = &recording{no: p.number(), appointment: a, medium: a.medium, part: a.parts}
		p.recordings[a.part.no] = a.part
	}
	a.part.media = append(a.part.media, clip...)
	return a.fields()
}

func (p *practice) changeMedium(r *request) any {
	form, wrong := r.form("medium")
	if wrong == nil {
		wrong = r.inside()
	}
	a := r.appointment
	switch {
	case wrong != nil:
		return *wrong
	case !isMedium(form["medium"]):
		return refusal{http.StatusUnprocessableEntity, "medium is neither call nor video"}
	case form["medium"] != a.medium:
		a.part = nil
		r.person.seesAll = p.leak && form["medium"] == "video"
	}
	a.medium = form["medium"]
	return a.fields()
}

func (p *practice) exit(r *request) any {
	if wrong := r.inside(); wrong != nil {
		return *wrong
	}
	a := r.appointment
	a.inside = slices.DeleteFunc(a.inside, func(who *person) bool { return who == r.person })
	if len(a.inside) == 0 {
		a.finish()
	}
	return a.fields()
}

func (a *appointment) finish() { a.phase, a.inside, a.over = done, nil, time.Now() }

func (p *practice) complete(r *request) any {
	switch {
	case r.person != r.appointment.doctor:
		return refusal{http.StatusForbidden, "only the doctor completes a visit"}
	case r.appointment.phase != running:
		return refusal{http.StatusConflict, "the visit does not run"}
	case r.inside() != nil:
		return *r.inside()
	}
	r.appointment.finish()
	return r.appointment.fields()
}
