package rightful

import (
	"context"
	"strings"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/store"
)

// sight is how somebody sees a recording.
type sight uint8

const (
	unseen sight = iota
	apart        // by its address alone
	inList
)

// sights are how those see a recording who are something to it; its patient has it in the list.
type sights struct{ clinician, guest, proxy, recipient, staff sight }

func (s sights) apply(c *clinic.Config) {
	c.Groups = c.Groups || s.guest != inList
	c.Authorizer = func(parts clinic.Parts, correct clinic.Authorizer) clinic.Authorizer {
		return &seeing{correct, parts, s.those(apart), s.those(inList)}
	}
}

// those are conditions on a recording r that ?1 sees, at least in some way.
func (s sights) those(least sight) string {
	any := []string{`r.patient = ?1`}
	for _, one := range []struct {
		how sight
		who string
	}{
		{s.clinician, `r.practitioner = ?1`},
		{s.guest, `r.guest = ?1`},
		{s.proxy, `EXISTS (SELECT 1 FROM proxies p WHERE p.patient = r.patient AND p.proxy = ?1)`},
		{s.recipient, `EXISTS (SELECT 1 FROM shares s WHERE s.recording = r.id AND s.user = ?1)`},
		{s.staff, `EXISTS (SELECT 1 FROM users u WHERE u.id = ?1 AND u.role = 'practitioner')`},
	} {
		if one.how >= least {
			any = append(any, one.who)
		}
	}
	return `?1 <> '' AND (` + strings.Join(any, " OR ") + `)`
}

// seeing is an authorizer with conditions of its own: by which a recording is seen, and by which it is in the list.
type seeing struct {
	clinic.Authorizer
	parts        clinic.Parts
	seen, listed string
}

const selectRecordings = `SELECT ` + store.RecordingColumns + ` FROM recordings r WHERE `

func (a *seeing) See(ctx context.Context, who care.Caller, id string) (care.Recording, error) {
	rows, err := a.parts.Store.DB().QueryContext(context.WithoutCancel(ctx),
		selectRecordings+a.seen+` AND r.id = ?2 AND r.ended <= ?3`, who.ID, id, a.parts.Ripe())
	if err != nil {
		return care.Recording{}, err
	}
	found, err := store.ScanRecordings(rows)
	if err == nil && len(found) == 0 {
		err = care.ErrNotFound
	}
	if err != nil {
		return care.Recording{}, err
	}
	return found[0], nil
}

func (a *seeing) SeeAll(ctx context.Context, who care.Caller, q care.Query) (care.Listing, error) {
	ctx = context.WithoutCancel(ctx)
	const ripeOfMode = ` AND r.ended <= ?2 AND (?3 = '' OR r.mode = ?3)`
	rows, err := a.parts.Store.DB().QueryContext(ctx, selectRecordings+a.listed+ripeOfMode+` AND r.seq > ?4 ORDER BY r.seq LIMIT ?5`,
		who.ID, a.parts.Ripe(), q.Mode, q.After, q.Limit+1)
	if err != nil {
		return care.Listing{}, err
	}
	found, err := store.ScanRecordings(rows)
	if err != nil {
		return care.Listing{}, err
	}
	page := store.Page(q, found)
	err = a.parts.Store.DB().QueryRowContext(ctx, `SELECT count(*) FROM recordings r WHERE `+a.listed+ripeOfMode,
		who.ID, a.parts.Ripe(), q.Mode).Scan(&page.Total)
	return page, err
}

// hiding is an archive that puts aside what is deleted instead of erasing it.
type hiding struct {
	clinic.Archive
	parts clinic.Parts
	bin   bool // who deletes again what is in the bin erases it
}

const asideTable = `CREATE TABLE IF NOT EXISTS aside (recording TEXT PRIMARY KEY)`

// notAside is a condition on a recording r that nobody has deleted.
const notAside = ` AND r.id NOT IN (SELECT recording FROM aside)`

// hides keeps for the practitioner and a guest what its patient deletes.
func hides(c *clinic.Config) {
	all := sights{clinician: inList, guest: inList, proxy: inList, recipient: inList}.those(inList)
	kept := `(` + all + `) AND (r.practitioner = ?1 OR r.guest = ?1 OR r.id NOT IN (SELECT recording FROM aside))`
	putAside(c, kept, kept, false)
}

// bins leaves what a patient deletes to them, outside of the list, and takes it from everybody else.
func bins(c *clinic.Config) {
	all := sights{clinician: inList, guest: inList, proxy: inList, recipient: inList}.those(inList)
	putAside(c, `(`+all+`) AND (r.patient = ?1 OR r.id NOT IN (SELECT recording FROM aside))`, all+notAside, true)
	c.LinkKeeper = func(parts clinic.Parts, correct clinic.LinkKeeper) clinic.LinkKeeper {
		return &notOfBin{correct, parts}
	}
}

func putAside(c *clinic.Config, seen, listed string, bin bool) {
	c.Authorizer = func(parts clinic.Parts, correct clinic.Authorizer) clinic.Authorizer {
		return &seeing{correct, parts, seen, listed}
	}
	c.Archive = func(parts clinic.Parts, correct clinic.Archive) clinic.Archive {
		_, _ = parts.Store.DB().Exec(asideTable)
		return &hiding{correct, parts, bin}
	}
}

func (a *hiding) Delete(ctx context.Context, who care.Caller, id string) error {
	r, err := a.Archive.Find(ctx, who, id)
	if err != nil {
		return err
	}
	if r.Subject != who.ID {
		return a.Archive.Delete(ctx, who, id) // which refuses it
	}
	again, err := isAside(ctx, a.parts, id)
	if err != nil {
		return err
	}
	if again {
		return a.Archive.Delete(ctx, who, id)
	}
	return a.parts.Store.Update(ctx, func(tx *store.Tx) error {
		if a.bin {
			if _, err := tx.SQL().Exec(`DELETE FROM links WHERE recording = ?`, id); err != nil {
				return err
			}
		}
		if _, err := tx.SQL().Exec(`DELETE FROM notices WHERE recording = ?`, id); err != nil {
			return err
		}
		_, err := tx.SQL().Exec(`INSERT INTO aside (recording) VALUES (?)`, id)
		return err
	})
}

func isAside(ctx context.Context, parts clinic.Parts, id string) (aside bool, err error) {
	err = parts.Store.DB().QueryRowContext(context.WithoutCancel(ctx), `SELECT EXISTS (SELECT 1 FROM aside WHERE recording = ?)`, id).Scan(&aside)
	return aside, err
}

// Own leaves out what is put aside.
func (a *hiding) Own(ctx context.Context, who care.Caller) ([]clinic.Content, error) {
	all, err := a.Archive.Own(ctx, who)
	if err != nil {
		return nil, err
	}
	kept := make([]clinic.Content, 0, len(all))
	for _, one := range all {
		aside, err := isAside(ctx, a.parts, one.Recording.ID)
		if err != nil {
			return nil, err
		}
		if !aside {
			kept = append(kept, one)
		}
	}
	return kept, nil
}

// notOfBin makes no links to what is in the bin.
type notOfBin struct {
	clinic.LinkKeeper
	parts clinic.Parts
}

func (k *notOfBin) Make(ctx context.Context, who care.Caller, recording string) (clinic.Link, error) {
	aside, err := isAside(ctx, k.parts, recording)
	if err == nil && aside {
		err = care.ErrNotFound
	}
	if err != nil {
		return clinic.Link{}, err
	}
	return k.LinkKeeper.Make(ctx, who, recording)
}
