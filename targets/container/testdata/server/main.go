// Command server is the service that the tests of package container put into containers.
//
// It listens on :8080 and answers GET /healthz with 200, GET /write with 204 once it has written to /tmp and /data, GET /note
// with 200 where it has, and GET /exit by ending, as by SIGTERM. Environment: HEALTH=never answers 503 for ever; DELAY=300ms
// opens the port only after that time; EXIT=3 ends at once with that status; ONCE=1 ends at once where it has written. Its
// first line of log says "server is up", and all arguments.
package main

import (
	"fmt"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

func main() {
	fmt.Println("server is up", os.Args[1:], "as", os.Getuid())
	if status, err := strconv.Atoi(os.Getenv("EXIT")); err == nil {
		fmt.Fprintln(os.Stderr, "server gives up: told to")
		os.Exit(status)
	}
	if _, err := os.Stat("/data/note"); err == nil && os.Getenv("ONCE") != "" {
		fmt.Fprintln(os.Stderr, "server gives up: once is enough")
		os.Exit(4)
	}
	if delay, err := time.ParseDuration(os.Getenv("DELAY")); err == nil {
		time.Sleep(delay)
	}
	http.HandleFunc("GET /healthz", health)
	http.HandleFunc("GET /write", write)
	http.HandleFunc("GET /note", func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, "/data/note") })
	http.HandleFunc("GET /exit", func(http.ResponseWriter, *http.Request) { os.Exit(0) })
	terminated := make(chan os.Signal, 1)
	signal.Notify(terminated, syscall.SIGTERM)
	go func() {
		<-terminated
		os.Exit(0)
	}()
	fmt.Fprintln(os.Stderr, http.ListenAndServe(":8080", nil))
	os.Exit(1)
}

func health(w http.ResponseWriter, _ *http.Request) {
	if os.Getenv("HEALTH") == "never" {
		http.Error(w, "not today", http.StatusServiceUnavailable)
	}
}

func write(w http.ResponseWriter, _ *http.Request) {
	for _, dir := range []string{"/tmp", "/data", "."} {
		if err := os.WriteFile(filepath.Join(dir, "note"), []byte("x"), 0o600); err != nil {
			http.Error(w, err.Error(), http.StatusInternalServerError)
			return
		}
	}
	w.WriteHeader(http.StatusNoContent)
}
