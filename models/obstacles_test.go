package models

import (
	"math/rand/v2"
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
)

// everything are the operations that can be sent in a state: those drawn, and those
// that nobody draws because a service of any sense refuses them.
func everything(s *State) []Operation {
	out := s.Enabled(crowd)
	name := BookingHandle(s.booked + 1)
	for _, u := range s.users {
		for _, c := range s.users {
			for _, guest := range append([]user{{}}, s.users...) {
				out = append(out, Book{Booking: name, User: u.handle, Clinician: c.handle, Mode: Audio, With: guest.handle})
			}
		}
		out = append(out, Delete{OnRecording{u.handle, nowhere}}, Share{Sharing{OnRecording{u.handle, nowhere}, "alice"}},
			Unshare{Sharing{OnRecording{u.handle, nowhere}, "alice"}}, Link{OnRecording{u.handle, nowhere}, LinkHandle(s.linked + 1)})
	}
	for _, o := range s.Recordings() {
		for _, u := range s.users {
			out = append(out, Play{OnRecording{u.handle, o}, Range{1 << 20, 10}})
		}
	}
	return slices.DeleteFunc(out, func(op Operation) bool { return !s.bound(op) })
}

// choosers are walks of services that choose in each operation which may be refused
// or accepted: visit is called for each operation that can be sent.
func choosers(seeds uint64, visit func(s *State, c Call)) {
	for seed := range seeds {
		r := rand.New(rand.NewPCG(seed, 21))
		p := ReferencePolicy()
		if p.Groups = seed%2 == 0; seed%3 == 0 {
			p.Links = PersonalLinks
		}
		if declared := accessTable[r.IntN(len(accessTable))]; r.IntN(2) == 0 {
			p.Access, _ = p.Access.With(declared.Key, declared.Values[len(declared.Values)-1].Word)
		}
		s := NewState(&p)
		for step := 1; step <= 45; step++ {
			all := everything(s)
			for _, op := range all {
				visit(s, Call{step, op})
			}
			c := Call{step, drawOperation(r, s, step)}
			if r.IntN(4) == 0 {
				c.Op = all[r.IntN(len(all))]
			}
			got := correct(testWorld, s, c)
			if s.bound(c.Op) && s.obstacle(c.Op).open() && r.IntN(2) == 0 {
				got = Response{Outcome: OK}
			}
			if behind := s.behind(c, got); len(behind) > 0 {
				s = behind[r.IntN(len(behind))]
			}
		}
	}
}

// TestRowsNameWhatStandsInTheWay requires that the row of each kind names all that
// may stand in its way, and nothing else: the table of what must be refused is made
// from it.
func TestRowsNameWhatStandsInTheWay(t *testing.T) {
	met := make(map[Kind]map[obstacle]bool)
	visit := func(s *State, c Call) {
		k := c.Op.Kind()
		if met[k] == nil {
			met[k] = make(map[obstacle]bool)
		}
		met[k][s.obstacle(c.Op)] = true
	}
	choosers(150, visit)
	for _, seldom := range []struct{ key, word, text string }{
		{"deletion", "erased", held + "; alice.share(b1.r1, bob); l1 = bob.link(b1.r1); alice.unshare(b1.r1, bob); alice.share(b1.r1, bob)"},
		{"deletion", "bin", held + "; alice.delete(b1.r1)"},
		{"linking.makers", "patient", held + "; l1 = alice.link(b1.r1); bob.logout()"},
		{"reopening", "account", "alice.close(); bob.close(); carol = patient(email=alice)"},
		{"deletion", "erased", twice + "; c1 = alice.page(limit=1); bob.logout()"},
	} {
		p := ReferencePolicy()
		p.Access, _ = p.Access.With(seldom.key, seldom.word)
		s, n := after(t, &p, people+lines(seldom.text))
		for _, op := range everything(s) {
			visit(s, Call{n + 1, op})
		}
	}
	for i := range catalogue {
		r := &catalogue[i]
		var got, want []obstacle
		for b := range obstacle(len(obstacleRows)) {
			if met[r.kind][b] && b != nothing && b != withoutToken && b != replaysOff {
				got = append(got, b)
			}
			if slices.Contains(r.obstacles, b) {
				want = append(want, b)
			}
		}
		require.Equal(t, want, got, "%s: by number in the table of obstacles", r.kind)
		require.Equal(t, r.sent == UserCredentials && r.kind != KindLogout, met[r.kind][withoutToken], r.kind)
	}
}

// TestWhatIsDemandedIsViolatedAndNothingElse has each operation that can be sent be
// accepted, without anything shown: where a rule demands that it is refused, that rule
// is broken, and where none does, none is.
func TestWhatIsDemandedIsViolatedAndNothingElse(t *testing.T) {
	demanded, chosen := 0, 0
	choosers(12, func(s *State, c Call) {
		rule, b := s.demands(c.Op), s.obstacle(c.Op)
		if rule == "" && !b.open() || b == replaysOff {
			return
		}
		f := NewFindings()
		o := &Observation{World: testWorld, Before: s, Call: c, Expected: s.Expect(c), Got: Response{Outcome: OK}}
		f.Observe(o)
		if rule != "" {
			demanded++
			require.NotEmpty(t, f.of(rule), "%s, by %s", c.Op, rule)
			require.False(t, o.agreed() && broken(f.Violations()) == 0, "%s: a correct service does not accept it", c.Op)
			return
		}
		chosen++
		for _, v := range f.Violations() {
			require.True(t, b.accepted(), "%s: %s", c.Op, v.Message)
		}
		require.True(t, o.agreed(), "%s: %+v, where %s is expected", c.Op, o.Got, o.Expected)
		o.Got.Outcome = Conflict
		require.True(t, o.agreed(), "%s: %+v, where %s is expected", c.Op, o.Got, o.Expected)
	})
	require.Greater(t, demanded, 10_000)
	require.Greater(t, chosen, 10_000)
}
