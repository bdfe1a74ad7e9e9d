package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"sync"
)

// create makes the file of an Unsynced database if it is not there yet, and tells whether it did; SQLite itself creates any
// other. It is a copy of one that was migrated once: such databases come and go by the thousand, and migrating takes longer
// than all else about them.
func (o Options) create() (bool, error) {
	if o.Path == "" || !o.Unsynced {
		return false, nil
	}
	image, err := template()
	if err != nil {
		return false, fmt.Errorf("make a template: %w", err)
	}
	file, err := os.OpenFile(o.Path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("create database: %w", err)
	}
	_, err = file.Write(image)
	if err := errors.Join(err, file.Close()); err != nil {
		return false, fmt.Errorf("create database: %w", err)
	}
	return true, nil
}

// template returns the content of a database file of the present schema with nothing in it.
var template = sync.OnceValues(func() (image []byte, err error) {
	dir, err := os.MkdirTemp("", "clinic-template-")
	if err != nil {
		return nil, err
	}
	defer func() { err = errors.Join(err, os.RemoveAll(dir)) }()
	path := filepath.Join(dir, "clinic.db")
	db, err := sql.Open("sqlite", Options{Path: path, Unsynced: true}.source())
	if err != nil {
		return nil, err
	}
	db.SetMaxOpenConns(1)
	_, err = migrate(context.Background(), db)
	if err := errors.Join(err, db.Close()); err != nil {
		return nil, err
	}
	return os.ReadFile(path)
})
