package store

import (
	"context"
	"database/sql"
	"embed"
	"fmt"
	"io/fs"
)

// migrations are the steps from an empty database to the present schema, in the order of their names. One that has been
// released is never edited: a change is a new file.
//
//go:embed migrations/*.sql
var migrations embed.FS

// migrate applies the steps that the database has not had, and tells whether it had any. PRAGMA user_version counts them.
func migrate(ctx context.Context, db *sql.DB) (existed bool, err error) {
	steps, err := fs.Glob(migrations, "migrations/*.sql")
	if err != nil {
		return false, fmt.Errorf("list migrations: %w", err)
	}
	var version int
	if err := db.QueryRowContext(ctx, "PRAGMA user_version").Scan(&version); err != nil {
		return false, fmt.Errorf("read schema version: %w", err)
	}
	if version > len(steps) {
		return true, fmt.Errorf("database has schema version %d, this program knows up to %d", version, len(steps))
	}
	for done := version; done < len(steps); done++ {
		if err := apply(ctx, db, steps[done], done+1); err != nil {
			return version > 0, fmt.Errorf("apply %s: %w", steps[done], err)
		}
	}
	return version > 0, nil
}

// apply runs one step and notes its version in the same transaction.
func apply(ctx context.Context, db *sql.DB, step string, version int) error {
	script, err := migrations.ReadFile(step)
	if err != nil {
		return err
	}
	tx, err := db.BeginTx(ctx, nil)
	if err != nil {
		return err
	}
	defer tx.Rollback() //nolint:errcheck // after a commit there is nothing to roll back
	if _, err := tx.ExecContext(ctx, string(script)); err != nil {
		return err
	}
	if _, err := tx.ExecContext(ctx, fmt.Sprintf("PRAGMA user_version = %d", version)); err != nil {
		return err
	}
	return tx.Commit()
}
