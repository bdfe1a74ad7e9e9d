package store

import (
	"context"
	"database/sql"
	"database/sql/driver"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"sync"

	"modernc.org/sqlite"
)

// A template is a database in memory of the present schema, with nothing in it. Databases are copied from it, because they
// come and go by the thousand, and migrating takes longer than all else about them. It is safe for concurrent use.
type template struct {
	mu   sync.Mutex // held while the connection is used
	conn *sql.Conn
}

// theTemplate is made when it is first asked for, and stays.
var theTemplate = sync.OnceValues(newTemplate)

func newTemplate() (*template, error) {
	ctx := context.Background()
	db, err := sql.Open("sqlite", Options{}.source())
	if err != nil {
		return nil, fmt.Errorf("make a template: %w", err)
	}
	db.SetMaxOpenConns(1)
	if _, err := migrate(ctx, db); err != nil {
		return nil, fmt.Errorf("make a template: %w", errors.Join(err, db.Close()))
	}
	conn, err := db.Conn(ctx)
	if err != nil {
		return nil, fmt.Errorf("make a template: %w", errors.Join(err, db.Close()))
	}
	return &template{conn: conn}, nil
}

// copyTo opens a database and makes it a copy of the template.
func (t *template) copyTo(source string) (made driver.Conn, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	err = t.conn.Raw(func(c any) error {
		backup, err := c.(interface {
			NewBackup(source string) (*sqlite.Backup, error)
		}).NewBackup(source)
		if err != nil {
			return err
		}
		if _, err := backup.Step(-1); err != nil {
			return errors.Join(err, backup.Finish())
		}
		made, err = backup.Commit()
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("copy the template: %w", err)
	}
	return made, nil
}

// image returns what a file of the template would hold.
func (t *template) image() (image []byte, err error) {
	t.mu.Lock()
	defer t.mu.Unlock()
	err = t.conn.Raw(func(c any) error {
		image, err = c.(interface{ Serialize() ([]byte, error) }).Serialize()
		return err
	})
	if err != nil {
		return nil, fmt.Errorf("read the template: %w", err)
	}
	return image, nil
}

// create makes the file of an Unsynced database from the template if it is not there yet, and tells whether it did; SQLite
// itself creates any other file.
func (o Options) create() (bool, error) {
	if !o.Unsynced {
		return false, nil
	}
	t, err := theTemplate()
	if err != nil {
		return false, err
	}
	file, err := os.OpenFile(o.Path, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o600)
	if errors.Is(err, fs.ErrExist) {
		return false, nil
	}
	if err != nil {
		return false, fmt.Errorf("create database: %w", err)
	}
	image, err := t.image()
	if err == nil {
		_, err = file.Write(image)
	}
	if err := errors.Join(err, file.Close()); err != nil {
		return false, fmt.Errorf("create database: %w", err)
	}
	return true, nil
}
