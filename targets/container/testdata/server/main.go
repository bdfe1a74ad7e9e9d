// Command server is the service that the tests of package container put into containers.
//
// It listens on :8080 and answers GET /healthz with 200, GET /write with 204 once it has written to /tmp and /data, GET /note
// with 200 where it has, GET /file?name=NAME with that file, and its mode in the header Mode, GET /dial?at=HOST:PORT with 200
// once it has connected there, and GET /exit by ending, as by SIGTERM. Environment: HEALTH=never answers 503 for ever;
// DELAY=300ms opens the port only after that time; LISTEN=tcp accepts connections and is silent; EXIT=3 ends at once with that
// status; ONCE=1 ends at once where it has written. Its first line of log says "server is up", and all arguments; before it
// listens it says so. The argument "reset" makes it a command that removes what was written, and "check" one that fails where
// nothing is, and "hang" one that never ends.
package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"os/signal"
	"path/filepath"
	"strconv"
	"syscall"
	"time"
)

func main() {
	if len(os.Args) == 2 {
		command(os.Args[1])
	}
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
	terminated := make(chan os.Signal, 1)
	signal.Notify(terminated, syscall.SIGTERM)
	go func() {
		<-terminated
		os.Exit(0)
	}()
	fmt.Println("server listens")
	if os.Getenv("LISTEN") == "tcp" {
		fmt.Fprintln(os.Stderr, accept())
		os.Exit(1)
	}
	handle()
	fmt.Fprintln(os.Stderr, http.ListenAndServe(":8080", nil))
	os.Exit(1)
}

// command runs a command that is no service, if the argument names one.
func command(name string) {
	switch name {
	case "reset":
		if err := os.Remove("/data/note"); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(5)
		}
		fmt.Println("note removed")
		os.Exit(0)
	case "hang":
		time.Sleep(time.Hour)
	case "check":
		if _, err := os.Stat("/data/note"); err != nil {
			fmt.Fprintln(os.Stderr, "no note yet")
			os.Exit(6)
		}
		os.Exit(0)
	}
}

func accept() error {
	listener, err := net.Listen("tcp", ":8080")
	if err != nil {
		return err
	}
	for {
		if _, err := listener.Accept(); err != nil {
			return err
		}
	}
}

func handle() {
	http.HandleFunc("GET /healthz", health)
	http.HandleFunc("GET /write", write)
	http.HandleFunc("GET /note", func(w http.ResponseWriter, r *http.Request) { http.ServeFile(w, r, "/data/note") })
	http.HandleFunc("GET /file", file)
	http.HandleFunc("GET /dial", dial)
	http.HandleFunc("GET /exit", func(http.ResponseWriter, *http.Request) { os.Exit(0) })
}

func file(w http.ResponseWriter, r *http.Request) {
	name := r.FormValue("name")
	status, err := os.Stat(name)
	if err != nil {
		http.Error(w, err.Error(), http.StatusNotFound)
		return
	}
	w.Header().Set("Mode", status.Mode().String())
	if status.IsDir() {
		return
	}
	http.ServeFile(w, r, name)
}

func dial(w http.ResponseWriter, r *http.Request) {
	connection, err := net.DialTimeout("tcp", r.FormValue("at"), 2*time.Second)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	connection.Close()
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
