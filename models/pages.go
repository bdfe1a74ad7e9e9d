package models

import "slices"

// cursor is where a page of a listing ended.
type cursor struct {
	handle Handle
	owner  Handle // who received it
	limit  int
}

func (s *State) cursor(h Handle) *cursor {
	for i := range s.cursors {
		if s.cursors[i].handle == h {
			return &s.cursors[i]
		}
	}
	return nil
}

// Page reads the first page of the user's Consultation Replays and keeps the
// cursor to the next. Where there is no next page, the cursor is not defined.
type Page struct {
	ByUser
	Name  Handle // of the cursor
	Limit int    // rows on the page, from 1
}

// Kind is "page".
func (o Page) Kind() Kind { return KindPage }

// String is its line in a trace.
func (o Page) String() string { var f fields; return f.line(o.fields(&f)) }

func (o Page) fields(f *fields) Operation {
	f.defines(&o.Name, ACursor)
	o.byUser(f)
	f.size("limit", &o.Limit, 1, maxLimit, "the rows on the page")
	return o
}

// Defines is the cursor.
func (o Page) Defines() Handle { return o.Name }

func (o Page) expect(s *State, _ int) Response { return s.page(o.User, 0, o.Limit) }

// page is a page of a listing, which begins behind the rows before it.
func (s *State) page(u Handle, before, limit int) Response {
	l := listingOf(s.visible(u))
	l.Rows = l.Rows[min(before, len(l.Rows)):]
	l.More = len(l.Rows) > limit
	l.Rows = l.Rows[:min(limit, len(l.Rows))]
	return Response{Outcome: OK, Listing: l}
}

func (o Page) step(s *State, _ int, r Response) {
	s.paged++
	s.noteRows(o.User, r)
	s.noteShown(o.User, &r, false)
	if r.Outcome == OK && r.Listing != nil && r.Listing.More {
		s.cursors = append(slices.Clip(s.cursors), cursor{o.Name, o.User, o.Limit})
	}
}

// drawPages lists the first pages that another follows, or all where none does.
func drawPages(s *State, _ Population) []Operation {
	name := CursorHandle(s.paged + 1)
	all := make([]Operation, 0, len(s.users))
	var followed []Operation
	for _, u := range s.users {
		op := Page{ByUser{u.handle}, name, 1}
		all = append(all, op)
		if len(s.visible(u.handle)) > op.Limit {
			followed = append(followed, op)
		}
	}
	if len(followed) > 0 {
		return followed
	}
	return all
}

// Follow reads the page that a cursor leads to. A cursor of somebody else's may
// be refused or lead to rows of the caller's own; never to its owner's.
type Follow struct {
	ByUser
	Cursor Handle
}

// Kind is "follow".
func (o Follow) Kind() Kind { return KindFollow }

// String is its line in a trace.
func (o Follow) String() string { var f fields; return f.line(o.fields(&f)) }

func (o Follow) fields(f *fields) Operation {
	o.byUser(f)
	f.cursor(&o.Cursor)
	return o
}

// Uses is the cursor.
func (o Follow) Uses() Handle { return o.Cursor }

func (o Follow) known(s *State) bool { return s.cursor(o.Cursor) != nil }

func (o Follow) obstacle(s *State) obstacle {
	if s.cursor(o.Cursor).owner != o.User {
		return othersCursor
	}
	return ownCursor
}

func (o Follow) expect(s *State, _ int) Response {
	c := s.cursor(o.Cursor)
	return s.page(o.User, c.limit, c.limit)
}

func (o Follow) step(s *State, _ int, r Response) {
	s.noteRows(o.User, r)
	s.noteShown(o.User, &r, false)
}

func drawFollows(s *State, _ Population) []Operation {
	out := make([]Operation, 0, len(s.users)*len(s.cursors))
	for _, u := range s.users {
		for i := range s.cursors {
			out = append(out, Follow{ByUser{u.handle}, s.cursors[i].handle})
		}
	}
	return out
}
