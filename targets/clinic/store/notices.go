package store

import (
	"context"
	"database/sql"
	"encoding/json"
	"errors"
	"time"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

// AddNotice tells somebody that a recording is there. It is gone when the recording is.
func (t *Tx) AddNotice(id, recipient, recording string) error {
	_, err := t.exec(addNotice, id, recipient, recording)
	return classify("add notice", err)
}

// Notices returns the notices to somebody of recordings whose consultation ended by then, in Unix nanoseconds, oldest
// first.
func (s *Store) Notices(ctx context.Context, recipient string, by int64) ([]care.Notice, error) {
	return s.notices(ctx, noticesTo, recipient, by)
}

// KeepNotice is AddNotice of a recording that may be gone before the notice.
func (t *Tx) KeepNotice(id string, of care.Recording) error {
	_, err := t.exec(keepNotice, id, of.Subject, of.ID, of.Appointment, of.Title)
	return classify("keep notice", err)
}

// KeptNotices returns the notices to somebody that were kept, oldest first.
func (s *Store) KeptNotices(ctx context.Context, recipient string) ([]care.Notice, error) {
	return s.notices(ctx, keptNotices, recipient)
}

func (s *Store) notices(ctx context.Context, text string, args ...any) ([]care.Notice, error) {
	rows, err := s.rows(ctx, text, args...)
	if err != nil {
		return nil, classify("list notices", err)
	}
	defer rows.Close()
	var all []care.Notice
	for rows.Next() {
		var n care.Notice
		if err := rows.Scan(&n.ID, &n.Recording, &n.Appointment, &n.Title); err != nil {
			return nil, classify("read notice", err)
		}
		all = append(all, n)
	}
	return all, classify("list notices", rows.Err())
}

// Note adds to the audit trail that somebody was shown recordings, except what it has already of the same agent,
// recording and action.
func (s *Store) Note(ctx context.Context, agent care.Caller, action care.Action, at time.Time, shown []care.Recording) error {
	pairs := make([][2]string, len(shown))
	for i, r := range shown {
		pairs[i] = [2]string{r.Subject, r.ID}
	}
	text, err := json.Marshal(pairs)
	if err != nil {
		return err
	}
	_, err = s.exec(ctx, noteAudit, agent.ID, agent.Role, action, at.UnixNano(), string(text))
	return classify("note in audit trail", err)
}

// Events returns what the audit trail has of recordings whose subject that patient is, oldest first.
func (s *Store) Events(ctx context.Context, subject string) ([]care.Event, error) {
	return s.events(ctx, auditOf, subject)
}

// EventsBy returns what the audit trail has of what somebody was shown, oldest first.
func (s *Store) EventsBy(ctx context.Context, agent string) ([]care.Event, error) {
	return s.events(ctx, auditBy, agent)
}

func (s *Store) events(ctx context.Context, text, user string) ([]care.Event, error) {
	rows, err := s.rows(ctx, text, user)
	if err != nil {
		return nil, classify("list audit trail", err)
	}
	defer rows.Close()
	var all []care.Event
	for rows.Next() {
		var e care.Event
		var at int64
		if err := rows.Scan(&e.Agent.ID, &e.Agent.Role, &e.Subject, &e.Recording, &e.Action, &at); err != nil {
			return nil, classify("read audit trail", err)
		}
		e.At = time.Unix(0, at).UTC()
		all = append(all, e)
	}
	return all, classify("list audit trail", rows.Err())
}

// Switch returns how a switch is set, and otherwise where it never was.
func (s *Store) Switch(ctx context.Context, name string, otherwise bool) (bool, error) {
	var on bool
	err := s.row(ctx, switched, name).Scan(&on)
	if errors.Is(err, sql.ErrNoRows) {
		return otherwise, nil
	}
	return on, classify("read switch", err)
}

// SetSwitch sets a switch.
func (s *Store) SetSwitch(ctx context.Context, name string, on bool) error {
	_, err := s.exec(ctx, setSwitch, name, on)
	return classify("set switch", err)
}
