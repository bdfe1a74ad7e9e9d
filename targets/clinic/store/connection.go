package store

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"sync"

	"modernc.org/sqlite"
)

// A connector connects to a database by connections that keep their statements.
type connector struct {
	source string

	mu   sync.Mutex
	made driver.Conn // the first connection, if it was made in advance
	only bool        // and is the only one: the database in memory is gone with it
}

// Connect returns a new connection.
func (c *connector) Connect(context.Context) (driver.Conn, error) {
	c.mu.Lock()
	defer c.mu.Unlock()
	made := c.made
	switch c.made = nil; {
	case made != nil:
	case c.only:
		return nil, errors.New("the database in memory is gone with its connection")
	default:
		var err error
		if made, err = c.Driver().Open(c.source); err != nil {
			return nil, err
		}
	}
	inner, ok := made.(sqliteConn)
	if !ok {
		return nil, errors.Join(fmt.Errorf("connect: a %T lacks methods", made), made.Close())
	}
	return &connection{sqliteConn: inner, kept: make(map[string]*keptStatement)}, nil
}

// Driver returns SQLite's.
func (c *connector) Driver() driver.Driver { return &sqlite.Driver{} }

// sqliteConn is what database/sql is to know of a connection of the driver. That it runs a text without a statement is
// left out: then database/sql asks for statements.
type sqliteConn interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ConnBeginTx
	driver.Pinger
	driver.SessionResetter
	driver.Validator
}

// A connection keeps the statements that were prepared on it, by their texts, until it is closed: preparing one takes
// longer than running it. The texts are those of this package and of the seams, and not many.
type connection struct {
	sqliteConn
	kept map[string]*keptStatement
}

// PrepareContext returns a statement that was kept, or a new one if there is none that nobody uses.
func (c *connection) PrepareContext(ctx context.Context, query string) (driver.Stmt, error) {
	if s := c.kept[query]; s != nil && !s.used {
		s.used = true
		return s, nil
	}
	made, err := c.sqliteConn.PrepareContext(ctx, query)
	if err != nil || c.kept[query] != nil {
		return made, err
	}
	inner, ok := made.(sqliteStmt)
	if !ok {
		return made, nil
	}
	s := &keptStatement{sqliteStmt: inner, used: true}
	c.kept[query] = s
	return s, nil
}

// Close closes the statements and the connection.
func (c *connection) Close() error {
	var errs []error
	for _, s := range c.kept {
		errs = append(errs, s.sqliteStmt.Close())
	}
	return errors.Join(append(errs, c.sqliteConn.Close())...)
}

// sqliteStmt is what database/sql is to know of a statement of the driver.
type sqliteStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// A keptStatement is closed with its connection.
type keptStatement struct {
	sqliteStmt
	used bool // by somebody who will close it
}

// Close lets the statement be used again.
func (s *keptStatement) Close() error {
	s.used = false
	return nil
}
