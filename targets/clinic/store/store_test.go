package store

import (
	"context"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/care"
)

func opened(t testing.TB, o Options) *Store {
	t.Helper()
	s, err := Open(context.Background(), o)
	require.NoError(t, err)
	t.Cleanup(func() { require.NoError(t, s.Close()) })
	return s
}

// everyKind are the options of each kind of database.
func everyKind(t *testing.T) map[string]Options {
	return map[string]Options{
		"in memory":      {},
		"in a file":      {Path: filepath.Join(t.TempDir(), "a.db")},
		"in a quick one": {Path: filepath.Join(t.TempDir(), "b.db"), Unsynced: true},
	}
}

// schemaOf is what a database says of its own schema.
func schemaOf(t *testing.T, s *Store) (lines []string) {
	t.Helper()
	rows, err := s.rows(t.Context(), `SELECT type || ' ' || name || ' ' || coalesce(sql, '') FROM sqlite_schema
		UNION ALL SELECT 'version ' || user_version FROM pragma_user_version
		UNION ALL SELECT 'foreign keys ' || foreign_keys FROM pragma_foreign_keys ORDER BY 1`)
	require.NoError(t, err)
	defer rows.Close()
	for rows.Next() {
		var line string
		require.NoError(t, rows.Scan(&line))
		lines = append(lines, line)
	}
	require.NoError(t, rows.Err())
	return lines
}

func TestACopyOfTheTemplateHasTheSchemaOfAMigratedDatabase(t *testing.T) {
	kinds := everyKind(t)
	migrated := schemaOf(t, opened(t, kinds["in a file"]))
	require.Contains(t, migrated, "foreign keys 1")
	require.Greater(t, len(migrated), 20)
	require.Equal(t, migrated, schemaOf(t, opened(t, kinds["in memory"])))
	require.Equal(t, migrated, schemaOf(t, opened(t, kinds["in a quick one"])))
}

func TestDatabasesInMemoryShareNothing(t *testing.T) {
	one, other := opened(t, Options{}), opened(t, Options{})
	add := func(s *Store) error {
		return s.Update(t.Context(), func(tx *Tx) error { return tx.AddUser(care.User{ID: "u1", Role: care.Patient, Email: "a@b.c"}) })
	}
	require.NoError(t, add(one))
	require.ErrorIs(t, add(one), ErrTaken)
	require.NoError(t, add(other))
	require.False(t, one.Existed())
}

// TestEveryStatementIsOfTheSchema prepares the texts that are written in
// statements.go, which nothing does before they are needed.
func TestEveryStatementIsOfTheSchema(t *testing.T) {
	s := opened(t, Options{})
	texts := constants(t, "statements.go")
	require.Greater(t, len(texts), 50)
	for name, text := range texts {
		stmt, err := s.db.PrepareContext(t.Context(), text)
		require.NoError(t, err, "%s: %s", name, text)
		require.NoError(t, stmt.Close())
	}
}

// constants are those of a file that begin with a verb of SQL, by their names, put together.
func constants(t *testing.T, file string) map[string]string {
	t.Helper()
	parsed, err := parser.ParseFile(token.NewFileSet(), file, nil, 0)
	require.NoError(t, err)
	all := make(map[string]string)
	for _, d := range parsed.Decls {
		for _, spec := range d.(*ast.GenDecl).Specs {
			v := spec.(*ast.ValueSpec)
			all[v.Names[0].Name] = written(t, all, v.Values[0])
		}
	}
	for name, text := range all {
		verb, _, _ := strings.Cut(strings.TrimSpace(text), " ")
		if whole := strings.Contains("SELECT INSERT UPDATE DELETE", verb) && !strings.HasSuffix(text, "WHERE "); !whole {
			delete(all, name)
		}
	}
	return all
}

// written is the text of a constant that is put together from others.
func written(t *testing.T, all map[string]string, e ast.Expr) string {
	t.Helper()
	switch e := e.(type) {
	case *ast.BasicLit:
		return strings.Trim(e.Value, "`\"")
	case *ast.Ident:
		require.Contains(t, all, e.Name, "is written after it is used")
		return all[e.Name]
	case *ast.BinaryExpr:
		return written(t, all, e.X) + written(t, all, e.Y)
	}
	require.Fail(t, "an expression of another kind", "%T", e)
	return ""
}

func TestAStatementThatIsInUseIsNotUsedTwice(t *testing.T) {
	for name, o := range everyKind(t) {
		t.Run(name, func(t *testing.T) {
			s := opened(t, o)
			require.NoError(t, s.Update(t.Context(), func(tx *Tx) error {
				const count = `SELECT value FROM json_each('[1, 2, 3]')`
				var seen []int
				outer, err := tx.rows(count)
				require.NoError(t, err)
				defer outer.Close()
				for outer.Next() {
					var first, second int
					require.NoError(t, outer.Scan(&first))
					require.NoError(t, tx.row(count).Scan(&second))
					seen = append(seen, 10*first+second)
				}
				require.Equal(t, []int{11, 21, 31}, seen)
				return outer.Err()
			}))
		})
	}
}

func TestWhatWasCancelledIsDoneToItsEnd(t *testing.T) {
	s := opened(t, Options{})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	require.NoError(t, s.Update(ctx, func(tx *Tx) error {
		require.NoError(t, tx.AddUser(care.User{ID: "u1", Role: care.Patient, Email: "a@b.c"}))
		return tx.AddSession(Session{Caller: care.Caller{ID: "u1", Role: care.Patient}, Expires: time.Unix(2, 0)})
	}))
	caller, err := s.CallerOf(ctx, [32]byte{}, time.Unix(1, 0))
	require.NoError(t, err)
	require.Equal(t, "u1", caller.ID)
}

func TestADatabaseInMemoryIsGoneWithItsConnection(t *testing.T) {
	c := &connector{only: true}
	_, err := c.Connect(t.Context())
	require.ErrorContains(t, err, "gone with its connection")
}

func BenchmarkOpen(b *testing.B) {
	for b.Loop() {
		s, err := Open(b.Context(), Options{})
		require.NoError(b, err)
		require.NoError(b, s.Close())
	}
}
