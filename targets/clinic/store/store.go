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
	open := o.openFile
	if o.Path == "" {
		open = o.openMemory
	}
	db, existed, err := open(ctx)
	if err != nil {
		return nil, err
	}
	return &Store{db: db, existed: existed}, nil
}

// openMemory opens a new database in memory.
func (o Options) openMemory(context.Context) (db *sql.DB, existed bool, err error) {
	t, err := theTemplate()
	if err != nil {
		return nil, false, err
	}
	conn, err := t.copyTo(o.source())
	if err != nil {
		return nil, false, err
	}
	return o.limited(&connector{made: conn, only: true}), false, nil
}

// openFile opens a database file, brings it to the present schema, and tells whether it was there before.
func (o Options) openFile(ctx context.Context) (db *sql.DB, existed bool, err error) {
	created, err := o.create()
	if err != nil {
		return nil, false, err
	}
	db = o.limited(&connector{source: o.source()})
	if existed, err = migrate(ctx, db); err != nil {
		return nil, false, errors.Join(err, db.Close())
	}
	return db, existed && !created, nil
}

// limited returns a database that holds as many connections as it may have.
func (o Options) limited(c *connector) *sql.DB {
	db := sql.OpenDB(c)
	db.SetMaxOpenConns(o.connections())
	db.SetMaxIdleConns(o.connections())
	return db
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
	if err := change(&Tx{ctx: ctx, tx: tx}); err != nil {
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
}

// SQL returns the transaction itself; see [Store.DB].
func (t *Tx) SQL() *sql.Tx { return t.tx }

func (t *Tx) exec(text string, args ...any) (sql.Result, error) {
	return t.tx.ExecContext(t.ctx, text, args...)
}

func (t *Tx) row(text string, args ...any) *sql.Row {
	return t.tx.QueryRowContext(t.ctx, text, args...)
}

func (t *Tx) rows(text string, args ...any) (*sql.Rows, error) {
	return t.tx.QueryContext(t.ctx, text, args...)
}

// exec, row and rows run one statement outside a transaction, to its end even when ctx is cancelled.

func (s *Store) exec(ctx context.Context, text string, args ...any) (sql.Result, error) {
	return s.db.ExecContext(context.WithoutCancel(ctx), text, args...)
}

func (s *Store) row(ctx context.Context, text string, args ...any) *sql.Row {
	return s.db.QueryRowContext(context.WithoutCancel(ctx), text, args...)
}

func (s *Store) rows(ctx context.Context, text string, args ...any) (*sql.Rows, error) {
	return s.db.QueryContext(context.WithoutCancel(ctx), text, args...)
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
