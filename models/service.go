package models

// environment is what concerns the service as a whole.
type environment struct {
	// off says that replays are switched off, and wasOff that they were at some
	// time.
	off, wasOff bool
	// restarts counts the restarts.
	restarts int
}

// ReplaysOff reports whether replays are switched off.
func (s *State) ReplaysOff() bool { return s.off }

// closes reports whether replays that are switched off close a kind of operation.
func (p *Policy) closes(k Kind) bool {
	switch {
	case k == KindExport && p.Access.of(offExports) == staysOpen:
		return false
	case k == KindLink && p.Access.of(offLinking) == staysOpen:
		return false
	}
	return k.Replays()
}

// Replays is the kill switch: the operator switches the replays of all patients
// off, or on again.
type Replays struct {
	unnamed
	On bool
}

// Kind is "replays".
func (o Replays) Kind() Kind { return KindReplays }

// String is its line in a trace.
func (o Replays) String() string { var f fields; return f.line(o.fields(&f)) }

func (o Replays) fields(f *fields) Operation {
	f.always(Operator)
	f.toggle("on", &o.On)
	return o
}

// Actor is the operator.
func (o Replays) Actor() Handle { return Operator }

func (o Replays) expect(*State, int) Response { return Response{Outcome: OK} }

func (o Replays) step(s *State, _ int, r Response) {
	if r.Outcome == OK {
		s.off = !o.On
		s.wasOff = s.wasOff || s.off
	}
}

func drawReplays(*State, Population) []Operation {
	return []Operation{Replays{On: false}, Replays{On: true}}
}

// Restart stops the service and starts it again on what it has kept.
type Restart struct{ unnamed }

// Kind is "restart".
func (o Restart) Kind() Kind { return KindRestart }

// String is its line in a trace.
func (o Restart) String() string { var f fields; return f.line(o.fields(&f)) }

func (o Restart) fields(f *fields) Operation { f.always(Service); return o }

// Actor is the service's environment.
func (o Restart) Actor() Handle { return Service }

func (o Restart) expect(*State, int) Response { return Response{Outcome: OK} }

func (o Restart) step(s *State, _ int, r Response) {
	if r.Outcome != OK {
		return
	}
	s.restarts++
	if s.policy.Access.of(offRestart) == staysOpen {
		s.off = false
	}
	s.restarted()
}

func drawRestarts(*State, Population) []Operation { return []Operation{Restart{}} }
