package models

// environment is what concerns the service as a whole.
type environment struct {
	// off says that replays are switched off, wasOff that they were at some
	// time, and unsettled that the last switch had an unknown outcome.
	off, wasOff, unsettled bool
	// restarts counts the restarts.
	restarts int
}

// Replays reports whether operations of a kind replay something, and are
// unavailable while replays are switched off.
func (k Kind) Replays() bool {
	switch k {
	case KindList, KindPage, KindFollow, KindGet, KindPlay, KindHead, KindThumb, KindTranscript, KindLink, KindOpen, KindExport:
		return true
	}
	return false
}

// ReplaysOff reports whether replays are switched off.
func (s *State) ReplaysOff() bool { return s.off }

// Replays is the kill switch: the operator switches the replays of all patients
// off, or on again.
type Replays struct {
	On bool
}

// Kind is "replays".
func (o Replays) Kind() Kind { return KindReplays }

// Actor is the operator.
func (o Replays) Actor() Handle { return Operator }

// Defines is nothing.
func (o Replays) Defines() Handle { return "" }

// Uses is nothing.
func (o Replays) Uses() Handle { return "" }

// Whom is nobody.
func (o Replays) Whom() Handle { return "" }

// Rename changes nothing.
func (o Replays) Rename(func(Handle) Handle) Operation { return o }

// String is for example "operator.replays(off)".
func (o Replays) String() string {
	if o.On {
		return invoke(Operator, string(KindReplays), "on")
	}
	return invoke(Operator, string(KindReplays), "off")
}

func (o Replays) expect(*State, int) Response { return Response{Outcome: OK} }

func (o Replays) step(s *State, _ int, r Response) {
	switch r.Outcome {
	case OK:
		s.off, s.unsettled = !o.On, false
		s.wasOff = s.wasOff || s.off
	case Unknown:
		s.unsettled = true
	}
}

func parseReplays(r *reader) Operation {
	r.exactly(Operator)
	return Replays{r.word("off", "on") == "on"}
}

func drawReplays(*State, Population) []Operation { return []Operation{Replays{false}, Replays{true}} }

// Restart stops the service and starts it again on what it has kept.
type Restart struct{}

// Kind is "restart".
func (o Restart) Kind() Kind { return KindRestart }

// Actor is the service's environment.
func (o Restart) Actor() Handle { return Service }

// Defines is nothing.
func (o Restart) Defines() Handle { return "" }

// Uses is nothing.
func (o Restart) Uses() Handle { return "" }

// Whom is nobody.
func (o Restart) Whom() Handle { return "" }

// Rename changes nothing.
func (o Restart) Rename(func(Handle) Handle) Operation { return o }

// String is "service.restart()".
func (o Restart) String() string { return invoke(Service, string(KindRestart)) }

func (o Restart) expect(*State, int) Response { return Response{Outcome: OK} }

func (o Restart) step(s *State, _ int, r Response) {
	if r.Outcome == OK {
		s.restarts++
	}
}

func parseRestart(r *reader) Operation {
	r.exactly(Service)
	return Restart{}
}

func drawRestarts(*State, Population) []Operation { return []Operation{Restart{}} }
