package care

// Switch changes the mode: the mode it already has changes nothing. A new mode begins a new stretch. Only a participant who
// is present can switch; otherwise [ErrConflict].
func (c *Consultation) Switch(r *Rules, role Role, mode Mode) error {
	if c.Status == Planned && r.SwitchBefore {
		c.Booked, c.Mode = mode, mode
		return nil
	}
	if err := c.mustMeet(role, r.SwitchFromOutside); err != nil {
		return err
	}
	switch {
	case r.SwitchTakes == ForCaller:
		if c.ModeFor(role) != mode {
			c.Apart ^= bit(role)
		}
	case r.SwitchTakes == WhenAccepted && !c.accepts(role, mode):
	case mode != c.Mode:
		c.Mode = mode
		c.cut(r)
	case r.Cut == CutAtAnySwitch:
		c.cut(r)
	}
	return nil
}

// accepts tells whether nobody need be waited for when somebody asks for a mode, and otherwise notes who has.
func (c *Consultation) accepts(role Role, mode Mode) bool {
	if mode == c.Mode || c.isAlone(role) || c.Proposed == mode && c.Proposer != role {
		c.Proposed, c.Proposer = "", ""
		return true
	}
	c.Proposed, c.Proposer = mode, role
	return false
}

// isAlone tells whether nobody else is there.
func (c *Consultation) isAlone(role Role) bool {
	for _, other := range []Role{Patient, Practitioner, Guest} {
		if other != role && *c.presence(other) == Present {
			return false
		}
	}
	return true
}

// ModeFor returns the mode in which somebody meets the others now.
func (c *Consultation) ModeFor(role Role) Mode {
	switch {
	case c.Apart&bit(role) == 0:
		return c.Mode
	case c.Mode == Audio:
		return Video
	default:
		return Audio
	}
}

// bit is that of a role in a set of roles.
func bit(role Role) int {
	switch role {
	case Practitioner:
		return 2
	case Guest:
		return 4
	default:
		return 1
	}
}
