// Package store keeps the clinic in SQLite, through database/sql.
//
// Every method but [Open] runs to its end even when the caller's context is cancelled: a request is short, half of one
// must not be kept, and a connection that was interrupted is not one to be shared. Errors wrap [care.ErrNotFound] for
// what is not there and [ErrTaken] for what there can be only one of.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"net/url"

	"modernc.org/sqlite"
	sqlite3 "modernc.org/sqlite/lib"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

// ErrTaken is wrapped when a value that must be unique is in use: an e-mail address, or a practitioner's slot.
var ErrTaken = errors.New("already taken")

// fileConnections is how many requests can read a database file at once; SQLite has one writer at a time in any case.
const fileConnections = 4

// A Store is one clinic's database. It is safe for concurrent use.
type Store struct {
	db      *sql.DB
	st      statements
	existed bool
}

// Options say where a database is and how it is kept.
type Options struct {
	// Path is the database file, which is created if need be. Empty: a private database in memory.
	Path string
	// Unsynced leaves it to the operating system when the file is written to disk, and keeps the file for this store alone.
	// Closing the store and opening it again loses nothing; a power failure may lose everything.
	Unsynced bool
}

// Open opens a database and brings it to the present schema. A file is kept in WAL mode (https://www.sqlite.org/wal.html).
func Open(ctx context.Context, o Options) (*Store, error) {
	ctx = context.WithoutCancel(ctx)
	created, err := o.create()
	if err != nil {
		return nil, err
	}
	db, err := sql.Open("sqlite", o.source())
	if err != nil {
		return nil, fmt.Errorf("open database: %w", err)
	}
	db.SetMaxOpenConns(o.connections())
	db.SetMaxIdleConns(o.connections())
	s := &Store{db: db}
	if s.existed, err = migrate(ctx, db); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	s.existed = s.existed && !created
	if err := s.st.prepare(ctx, db); err != nil {
		return nil, errors.Join(err, db.Close())
	}
	return s, nil
}

// connections returns how many connections to hold. A database in memory lives and dies with its only one, and one that is
// kept for itself locks out a second.
func (o Options) connections() int {
	if o.Path == "" || o.Unsynced {
		return 1
	}
	return fileConnections
}

// source returns the data source name. Write transactions take the lock when they begin, so that none fails half-way
// because another was faster.
func (o Options) source() string {
	query := url.Values{"_txlock": {"immediate"}, "_pragma": {"foreign_keys(1)"}}
	if o.Path == "" {
		return ":memory:?" + query.Encode()
	}
	if o.Unsynced {
		query["_pragma"] = append(query["_pragma"], "locking_mode(EXCLUSIVE)", "synchronous(OFF)", "journal_mode(PERSIST)")
	} else {
		query["_pragma"] = append(query["_pragma"], "busy_timeout(5000)", "journal_mode(WAL)")
	}
	return "file:" + (&url.URL{Path: o.Path}).EscapedPath() + "?" + query.Encode()
}

// Existed tells whether the database was there before it was opened, and not created.
func (s *Store) Existed() bool { return s.existed }

// Close closes the database. A database in memory is gone then.
func (s *Store) Close() error {
	if err := s.db.Close(); err != nil {
		return fmt.Errorf("close database: %w", err)
	}
	return nil
}

// Ping returns nil when the database answers.
func (s *Store) Ping(ctx context.Context) error {
	if err := s.db.PingContext(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("ping database: %w", err)
	}
	return nil
}

// DB returns the database itself, for those who keep something else in it or read it another way.
func (s *Store) DB() *sql.DB { return s.db }

// Update calls change in a transaction, which is committed when it returns nil and rolled back otherwise, and returns its
// error. change must use the Tx and not the Store: a database in memory has one connection, and the Tx holds it.
func (s *Store) Update(ctx context.Context, change func(*Tx) error) error {
	ctx = context.WithoutCancel(ctx)
	tx, err := s.db.BeginTx(ctx, nil)
	if err != nil {
		return fmt.Errorf("begin transaction: %w", err)
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	if err := change(&Tx{ctx: ctx, tx: tx, st: &s.st}); err != nil {
		return err
	}
	if err := tx.Commit(); err != nil {
		return fmt.Errorf("commit transaction: %w", err)
	}
	return nil
}

// A Tx is a transaction in progress. It is valid until the function that was given it returns.
type Tx struct {
	ctx context.Context
	tx  *sql.Tx
	st  *statements
}

// SQL returns the transaction itself; see [Store.DB].
func (t *Tx) SQL() *sql.Tx { return t.tx }

func (t *Tx) exec(stmt *sql.Stmt, args ...any) (sql.Result, error) {
	return t.tx.StmtContext(t.ctx, stmt).ExecContext(t.ctx, args...)
}

func (t *Tx) row(stmt *sql.Stmt, args ...any) *sql.Row {
	return t.tx.StmtContext(t.ctx, stmt).QueryRowContext(t.ctx, args...)
}

func (t *Tx) rows(stmt *sql.Stmt, args ...any) (*sql.Rows, error) {
	return t.tx.StmtContext(t.ctx, stmt).QueryContext(t.ctx, args...)
}

// classify wraps an error of the database, telling what was being done.
func classify(doing string, err error) error {
	if err == nil {
		return nil
	}
	if errors.Is(err, sql.ErrNoRows) {
		return fmt.Errorf("%s: %w", doing, care.ErrNotFound)
	}
	var failure *sqlite.Error
	if errors.As(err, &failure) && failure.Code() == sqlite3.SQLITE_CONSTRAINT_UNIQUE {
		return fmt.Errorf("%s: %w", doing, ErrTaken)
	}
	return fmt.Errorf("%s: %w", doing, err)
}
