package clinic_test

import (
	"bytes"
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"syscall"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	"golang.org/x/sync/errgroup"

	"github.com/telehealth-conformance/crosstalk/targets/clinic"
)

func TestTheZeroConfigurationWorks(t *testing.T) {
	server, err := clinic.Start(t.Context(), "127.0.0.1:0", clinic.Config{})
	require.NoError(t, err)
	response, err := http.Get(server.URL + "/healthz")
	require.NoError(t, err)
	body, err := io.ReadAll(response.Body)
	require.NoError(t, err)
	response.Body.Close()
	require.Equal(t, `{"status":"ok"}`, string(body))
	require.NoError(t, server.Close())
	<-server.Done()
	_, err = http.Get(server.URL + "/healthz")
	require.Error(t, err)
}

func TestAReaderThatRepeatsItselfGivesTheSameIdsAndTokens(t *testing.T) {
	story := func() []string {
		b := newBench(t, func(c *clinic.Config) { c.Rand = rand.NewChaCha8([32]byte{1}) })
		alice, dr := b.patient(), b.practitioner()
		a, recordings := alice.consult(dr, 1, "knee", "hello")
		return []string{alice.id, alice.token, dr.id, dr.token, a.Id, a.Encounter, recordings[0].Id}
	}
	require.Equal(t, story(), story())
}

func TestADatabaseFileKeepsEverything(t *testing.T) {
	file := filepath.Join(t.TempDir(), "a clinic?.db")
	onFile := func(c *clinic.Config) { c.Database = file }
	var alice, bob, dr user
	var recording, going string
	t.Run("before", func(t *testing.T) {
		b := newBench(t, onFile)
		alice, bob, dr = b.patient(), b.patient(), b.practitioner()
		_, recordings := alice.consult(dr, 1, "knee", "hello")
		recording = recordings[0].Id
		a := alice.book(dr, 2, "audio", "hip")
		alice.join(a).is(200)
		alice.speak(a, "half ").is(200)
		going = a.Encounter
	})
	t.Run("after", func(t *testing.T) {
		b := newBench(t, onFile)
		alice.bench, bob.bench, dr.bench = b, b, b
		require.Equal(t, []string{"knee"}, titles(alice.list()))
		require.Equal(t, "hello", string(alice.play(recording).is(200).body))
		require.Empty(t, bob.list())
		alice.as("POST", "/encounters/"+going+"/media", []byte("whole")).is(200)
		alice.as("POST", "/encounters/"+going+"/leave", nil).is(200)
		require.Equal(t, []string{"knee", "hip"}, titles(dr.list()))
		require.Equal(t, "half whole", string(dr.play(alice.list()[1].Id).is(200).body))
	})
}

// requireNotInFile requires that a text is not in a database file nor in what SQLite keeps beside it.
func requireNotInFile(t *testing.T, file, text string) {
	t.Helper()
	files, err := filepath.Glob(file + "*")
	require.NoError(t, err)
	require.NotEmpty(t, files)
	for _, f := range files {
		content, err := os.ReadFile(f)
		require.NoError(t, err)
		require.NotContains(t, string(content), text)
	}
}

func TestAFileThatIsNoDatabaseIsAnError(t *testing.T) {
	_, err := clinic.New(t.Context(), clinic.Config{Database: t.TempDir()})
	require.Error(t, err)
}

// slowFront delays requests until it is released, and tells when one has come.
func slowFront(came, release chan struct{}) func(clinic.Parts, http.Handler) http.Handler {
	return func(_ clinic.Parts, next http.Handler) http.Handler {
		return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			came <- struct{}{}
			<-release
			next.ServeHTTP(w, r)
		})
	}
}

func TestClosingWaitsForRequestsInFlight(t *testing.T) {
	came, release := make(chan struct{}), make(chan struct{})
	server, err := clinic.Start(t.Context(), "127.0.0.1:0", clinic.Config{Front: slowFront(came, release)})
	require.NoError(t, err)
	var group errgroup.Group
	group.Go(func() error {
		response, err := http.Get(server.URL + "/healthz")
		if err != nil {
			return err
		}
		defer response.Body.Close()
		if response.StatusCode != 200 {
			return fmt.Errorf("status %d", response.StatusCode)
		}
		return nil
	})
	<-came
	group.Go(server.Close)
	<-server.Done()
	close(release)
	require.NoError(t, group.Wait())
}

func TestAServerIsRestartedAtItsAddress(t *testing.T) {
	file := filepath.Join(t.TempDir(), "clinic.db")
	for name, cfg := range map[string]clinic.Config{
		"synced": {Database: file}, "unsynced": {Database: file + "2", Unsynced: true},
	} {
		t.Run(name, func(t *testing.T) {
			cfg.OperatorToken, cfg.PasswordParams = operatorToken, clinic.FastPasswords()
			server, err := clinic.Start(t.Context(), "127.0.0.1:0", cfg)
			require.NoError(t, err)
			url := server.URL
			put := func(body string) int {
				r, err := http.NewRequest("PUT", url+"/operator/replays", strings.NewReader(body))
				require.NoError(t, err)
				r.Header.Set("Authorization", "Bearer "+operatorToken)
				r.Header.Set("Content-Type", "application/json")
				response, err := http.DefaultClient.Do(r)
				require.NoError(t, err)
				response.Body.Close()
				return response.StatusCode
			}
			require.Equal(t, 200, put(`{"enabled":false}`))
			for range 3 {
				http.DefaultClient.CloseIdleConnections()
				require.NoError(t, server.Restart(t.Context()))
				require.Equal(t, url, server.URL)
				require.Equal(t, 200, put(`{"enabled":false}`))
				select {
				case <-server.Done():
					t.Fatal("a restart is not the end")
				default:
				}
			}
			require.NoError(t, server.Close())
			require.NoError(t, server.Close())
			<-server.Done()
			require.Error(t, server.Restart(t.Context()))
			again, err := clinic.Start(t.Context(), strings.TrimPrefix(url, "http://"), cfg)
			require.NoError(t, err)
			require.NoError(t, again.Close())
		})
	}
}

func TestNobodyIsRefusedAConnectionDuringARestart(t *testing.T) {
	server, err := clinic.Start(t.Context(), "127.0.0.1:0",
		clinic.Config{Database: filepath.Join(t.TempDir(), "clinic.db"), Unsynced: true})
	require.NoError(t, err)
	var group errgroup.Group
	done := make(chan struct{})
	group.Go(func() error {
		client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
		for {
			response, err := client.Get(server.URL + "/healthz")
			if errors.Is(err, syscall.ECONNREFUSED) {
				return err
			}
			if err == nil { // otherwise it was accepted just before the stop
				response.Body.Close()
			}
			select {
			case <-done:
				return nil
			default:
			}
		}
	})
	for range 20 {
		require.NoError(t, server.Restart(t.Context()))
	}
	close(done)
	require.NoError(t, group.Wait())
	require.NoError(t, server.Close())
}

func TestARestartThatFailsIsTheEnd(t *testing.T) {
	file := filepath.Join(t.TempDir(), "clinic.db")
	server, err := clinic.Start(t.Context(), "127.0.0.1:0", clinic.Config{Database: file, Unsynced: true})
	require.NoError(t, err)
	require.NoError(t, os.WriteFile(file, []byte("this is no database, and never was one"), 0o600))
	require.Error(t, server.Restart(t.Context()))
	<-server.Done()
	require.Error(t, server.Close())
}

func TestTheSeamForTheStartIsToldWhetherTheDatabaseExisted(t *testing.T) {
	var told []bool
	for _, cfg := range []clinic.Config{{}, {Database: filepath.Join(t.TempDir(), "a.db")},
		{Database: filepath.Join(t.TempDir(), "b.db"), Unsynced: true}} {
		cfg.Recovery = func(_ clinic.Parts, correct clinic.Recovery) clinic.Recovery { return &toldRecovery{correct, &told} }
		for range 2 {
			service, err := clinic.New(t.Context(), cfg)
			require.NoError(t, err)
			require.NoError(t, service.Close())
		}
	}
	require.Equal(t, []bool{false, false, false, true, false, true}, told)
}

type toldRecovery struct {
	clinic.Recovery
	told *[]bool
}

func (r *toldRecovery) Recover(ctx context.Context, existed bool) error {
	*r.told = append(*r.told, existed)
	return r.Recovery.Recover(ctx, existed)
}

func TestClosingDoesNotWaitForEver(t *testing.T) {
	came, release := make(chan struct{}), make(chan struct{})
	server, err := clinic.Start(t.Context(), "127.0.0.1:0",
		clinic.Config{Front: slowFront(came, release), ShutdownTimeout: 10 * time.Millisecond})
	require.NoError(t, err)
	var group errgroup.Group
	group.Go(func() error {
		_, err := http.Get(server.URL + "/healthz")
		if err == nil {
			return fmt.Errorf("an answer after the service was closed")
		}
		return nil
	})
	<-came
	require.ErrorIs(t, server.Close(), context.DeadlineExceeded)
	close(release)
	require.NoError(t, group.Wait())
}

func TestClosingDoesNotWaitForAConnectionOnWhichNothingWasAsked(t *testing.T) {
	server, err := clinic.Start(t.Context(), "127.0.0.1:0", clinic.Config{})
	require.NoError(t, err)
	silent, err := net.Dial("tcp", strings.TrimPrefix(server.URL, "http://"))
	require.NoError(t, err)
	defer silent.Close()
	response, err := http.Get(server.URL + "/healthz") // by now the silent connection has been accepted
	require.NoError(t, err)
	response.Body.Close()
	began := time.Now()
	require.NoError(t, server.Close())
	require.Less(t, time.Since(began), 2*time.Second)
}

func TestAPanicIsAProblem(t *testing.T) {
	b := newBench(t, func(c *clinic.Config) {
		c.Front = func(clinic.Parts, http.Handler) http.Handler {
			return http.HandlerFunc(func(http.ResponseWriter, *http.Request) { panic("oops") })
		}
	})
	got := b.do("GET", "/healthz", "", nil).is(500)
	require.NotContains(t, string(got.body), "oops")
}

// A ledger is a log that several goroutines write to.
type ledger struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (l *ledger) Write(p []byte) (int, error) {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.Write(p)
}

func (l *ledger) String() string {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.text.String()
}

func TestTheLogNamesRequestsAndNoSecrets(t *testing.T) {
	var log ledger
	b := newBench(t, func(c *clinic.Config) { c.Logger = slog.New(slog.NewJSONHandler(&log, nil)) })
	alice, dr := b.patient(), b.practitioner()
	_, recordings := alice.consult(dr, 1, "a private title", "private words")
	got := alice.play(recordings[0].Id, "X-Request-Id", "mine-1").is(200)
	require.Equal(t, "mine-1", got.header.Get("X-Request-Id"))
	require.NotEqual(t, "a\tb", alice.as("GET", "/recordings", nil, "X-Request-Id", "a\tb").header.Get("X-Request-Id"))

	require.Eventually(t, func() bool { return strings.Contains(log.String(), `"mine-1"`) }, time.Second, time.Millisecond)
	require.Contains(t, log.String(), `"user":"`+alice.id)
	for _, secret := range []string{alice.token, dr.token, operatorToken, password, "private"} {
		require.NotContains(t, log.String(), secret)
	}
}

func TestPatientsAtTheSameTimeDoNotMeet(t *testing.T) {
	for name, file := range map[string]string{"in memory": "", "on a file": filepath.Join(t.TempDir(), "clinic.db")} {
		t.Run(name, func(t *testing.T) {
			b := newBench(t, func(c *clinic.Config) { c.Database = file })
			dr := b.practitioner()
			patients := make([]user, 8)
			for i := range patients {
				patients[i] = b.patient()
			}
			var group sync.WaitGroup
			for i, p := range patients {
				group.Go(func() {
					for n := range 5 {
						p.consult(dr, i+1, p.id, fmt.Sprint(p.id, n))
						for k, r := range p.list() {
							assert.Equal(t, p.id, r.Title)
							assert.Equal(t, fmt.Sprint(p.id, k), string(p.play(r.Id).body))
						}
					}
				})
			}
			group.Wait()
			require.Len(t, into[struct{ Items []any }](dr.as("GET", "/recordings?limit=100", nil)).Items, 40)
		})
	}
}

func TestOfTwoWhoBookASlotAtOnceOneGetsIt(t *testing.T) {
	b := newBench(t)
	alice, bob, dr := b.patient(), b.patient(), b.practitioner()
	for slot := range 10 {
		statuses := make([]int, 2)
		var group sync.WaitGroup
		for i, p := range []user{alice, bob} {
			group.Go(func() {
				statuses[i] = p.as("POST", "/appointments",
					map[string]any{"practitioner": dr.id, "slot": slot + 1, "mode": "audio"}).status
			})
		}
		group.Wait()
		require.ElementsMatch(t, []int{201, 409}, statuses)
	}
}
