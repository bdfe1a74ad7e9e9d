package faults

import (
	"bytes"
	"context"
	"crypto/sha256"
	"database/sql"
	"encoding/json"
	"errors"
	"fmt"
	"io"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

func linkOutlives() Fault {
	return Fault{
		Slug: "link-outlives",
		Mechanism: "A link leads to a copy of the media that is made with it, and opens until its maker logs out, " +
			"whatever becomes of the recording or of the maker's right to it.",
		Trigger: "Alice makes a link to their recording and deletes the recording; anybody opens the link.",
		Class:   []Effect{Viewed},
		CWE:     613,
		Rules:   []string{"LINK-1", "GONE-1"},
		Source:  "signed addresses of stored objects, which nothing can take back",
		Apply: func(c *clinic.Config) {
			c.LinkKeeper = func(parts clinic.Parts, correct clinic.LinkKeeper) clinic.LinkKeeper {
				return newCopyingLinks(parts, correct)
			}
		},
	}
}

// copies has the copies, by the hash of the secret of the link that leads to them.
const copies = `CREATE TABLE IF NOT EXISTS fault_copies (
	secret_hash BLOB PRIMARY KEY, maker TEXT NOT NULL, recording TEXT NOT NULL, media BLOB NOT NULL)`

type copyingLinks struct {
	clinic.LinkKeeper
	parts clinic.Parts
}

func newCopyingLinks(parts clinic.Parts, correct clinic.LinkKeeper) *copyingLinks {
	_, _ = parts.Store.DB().Exec(copies)
	return &copyingLinks{LinkKeeper: correct, parts: parts}
}

func (l *copyingLinks) Make(ctx context.Context, who care.Caller, recording string) (clinic.Link, error) {
	link, err := l.LinkKeeper.Make(ctx, who, recording)
	if err != nil {
		return link, err
	}
	if err := l.copy(ctx, who, link); err != nil {
		return clinic.Link{}, fmt.Errorf("copy for a link: %w", err)
	}
	return link, nil
}

func (l *copyingLinks) copy(ctx context.Context, maker care.Caller, link clinic.Link) error {
	r, content, err := unguarded(ctx, l.parts, link.Recording)
	if err != nil {
		return err
	}
	media, err := io.ReadAll(content)
	if err != nil {
		return err
	}
	described, err := json.Marshal(r)
	if err != nil {
		return err
	}
	hash := sha256.Sum256([]byte(link.Secret))
	return l.parts.Store.Update(ctx, func(tx *store.Tx) error {
		_, err := tx.SQL().Exec(`INSERT INTO fault_copies (secret_hash, maker, recording, media) VALUES (?, ?, ?, ?)`,
			hash[:], maker.ID, described, media)
		return err
	})
}

func (l *copyingLinks) Open(ctx context.Context, who care.Caller, secret string) (care.Recording, care.Media, error) {
	r, media, err := l.LinkKeeper.Open(ctx, who, secret)
	if errors.Is(err, care.ErrNoLink) || errors.Is(err, care.ErrNotFound) {
		return l.openCopy(ctx, secret, err)
	}
	return r, media, err
}

// openCopy opens the copy that belongs to a link, or refuses as the correct part did.
func (l *copyingLinks) openCopy(ctx context.Context, secret string, refusal error) (care.Recording, care.Media, error) {
	hash := sha256.Sum256([]byte(secret))
	var described, media []byte
	err := l.parts.Store.DB().QueryRowContext(context.WithoutCancel(ctx),
		`SELECT recording, media FROM fault_copies WHERE secret_hash = ?`, hash[:]).Scan(&described, &media)
	if errors.Is(err, sql.ErrNoRows) {
		return care.Recording{}, nil, refusal
	}
	var r care.Recording
	if err == nil {
		err = json.Unmarshal(described, &r)
	}
	if err != nil {
		return care.Recording{}, nil, fmt.Errorf("open a copy: %w", err)
	}
	return r, bytes.NewReader(media), nil
}

func (l *copyingLinks) Revoke(tx *store.Tx, user string) error {
	if _, err := tx.SQL().Exec(`DELETE FROM fault_copies WHERE maker = ?`, user); err != nil {
		return fmt.Errorf("drop copies: %w", err)
	}
	return l.LinkKeeper.Revoke(tx, user)
}
