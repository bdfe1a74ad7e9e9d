package care

// Join makes a participant present, and starts the encounter if it has not begun, unless the participant is to wait. It is an
// [ErrConflict] when the encounter is over or the participant already there.
func (c *Consultation) Join(r *Rules, role Role) error {
	switch {
	case c.Status == Completed && r.Rejoining != "":
		c.reopen(r)
	case c.Status != Planned && c.Status != InProgress:
		return Refuse(ErrConflict, "the encounter is %s", c.Status)
	}
	presence := c.presence(role)
	if *presence == Present {
		return r.repeated("the %s is already present", role)
	}
	*presence = Present
	if role == Practitioner {
		c.Met = true
	}
	switch {
	case c.Status == InProgress:
		if r.Cut == CutAtConnection {
			c.cut(r)
		}
	case role == Practitioner || !r.PractitionerStarts:
		c.Status = InProgress
	}
	return nil
}

// reopen has a completed encounter go on, or begin anew.
func (c *Consultation) reopen(r *Rules) {
	c.Status, c.Captured, c.Met = InProgress, false, false
	if r.Rejoining == NewVisit {
		c.Mode, c.Apart, c.Stretch, c.Segments = c.Booked, 0, 1, 0
		return
	}
	c.Stretch++
}

// Drop notes that a participant's connection is lost. Whoever is not present cannot be dropped: [ErrConflict].
func (c *Consultation) Drop(r *Rules, role Role) error {
	if c.isAbsent(role) || *c.presence(role) == Dropped {
		return r.repeated("the %s is not present", role)
	}
	if err := c.mustBeThere(role); err != nil {
		return err
	}
	if r.DropLeaves {
		c.Depart(r, role)
		return nil
	}
	*c.presence(role) = Dropped
	return nil
}

// Leave lets a participant go, and completes the encounter when it was the last. Whoever is not present cannot leave:
// [ErrConflict].
func (c *Consultation) Leave(r *Rules, role Role) error {
	if c.isAbsent(role) {
		return r.repeated("the %s is not present", role)
	}
	if err := c.mustBeThere(role); err != nil {
		return err
	}
	c.Depart(r, role)
	return nil
}

// Depart makes a participant absent, and completes the encounter when that does.
func (c *Consultation) Depart(r *Rules, role Role) {
	*c.presence(role) = Away
	if c.Status == InProgress && c.completedBy(r, role) {
		c.Complete()
	}
}

// completedBy tells whether an encounter is completed by the departure of somebody.
func (c *Consultation) completedBy(r *Rules, role Role) bool {
	switch r.CompletedBy {
	case AnyDeparture:
		return true
	case PractitionerDeparture:
		return role == Practitioner
	case NoDeparture:
		return false
	default:
		return c.PatientPresence == Away && c.PractitionerPresence == Away && c.GuestPresence == Away
	}
}

// Complete ends the encounter for everybody.
func (c *Consultation) Complete() {
	c.clear()
	c.Status = Completed
}

// clear makes everybody absent.
func (c *Consultation) clear() {
	c.PatientPresence, c.PractitionerPresence, c.GuestPresence = Away, Away, Away
	c.Proposed, c.Proposer = "", ""
}

// End completes the encounter for everybody. A participant whom the policy does not let is refused with [ErrForbidden],
// one who is not present with [ErrConflict].
func (c *Consultation) End(r *Rules, role Role) error {
	if role != Practitioner && r.Ends != ParticipantEnds {
		return Refuse(ErrForbidden, "only the practitioner may end the encounter")
	}
	if c.Status == Completed {
		return r.repeated("the encounter is %s", c.Status)
	}
	if err := c.mustMeet(role, r.EndsFromOutside && role == Practitioner); err != nil {
		return err
	}
	c.Complete()
	return nil
}

// mustBeThere is mustMeet for somebody who may be waiting for the encounter to begin.
func (c *Consultation) mustBeThere(role Role) error {
	if c.Status == Planned && *c.presence(role) == Present {
		return nil
	}
	return c.mustMeet(role, false)
}

// mustMeet returns nil for a participant who is present in an encounter in progress, or need not be present.
func (c *Consultation) mustMeet(role Role, fromOutside bool) error {
	if c.Status != InProgress {
		return Refuse(ErrConflict, "the encounter is %s", c.Status)
	}
	if !fromOutside && *c.presence(role) != Present {
		return Refuse(ErrConflict, "the %s is not present", role)
	}
	return nil
}

// isAbsent tells whether somebody is not there, nor waited for.
func (c *Consultation) isAbsent(role Role) bool { return *c.presence(role) == Away }

func (c *Consultation) presence(role Role) *Presence {
	switch role {
	case Practitioner:
		return &c.PractitionerPresence
	case Guest:
		return &c.GuestPresence
	default:
		return &c.PatientPresence
	}
}
