// Command desk is the service of setup's tests: it registers patients, and remembers them until it is reset or restarted.
//
// It listens on the address in ADDRESS, or :8080, and prints the address that it has got. POST /patients?name=NAME is answered
// with 409 where the name is known; POST /reset and POST /restart forget everybody, and are answered with 403 without the token
// in TOKEN, if there is one. Where BESIDE names a host and a port, nobody is registered while nothing listens there. The
// argument "reset" makes it a command that resets the service on the same machine, and "fail" one that fails.
package main

import (
	"fmt"
	"net"
	"net/http"
	"os"
	"sync"
	"time"
)

func main() {
	if len(os.Args) == 2 {
		os.Exit(command(os.Args[1]))
	}
	address := os.Getenv("ADDRESS")
	if address == "" {
		address = ":8080"
	}
	listener, err := net.Listen("tcp", address)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	fmt.Println(listener.Addr())
	fmt.Fprintln(os.Stderr, http.Serve(listener, new(desk)))
	os.Exit(1)
}

func command(name string) int {
	if name == "fail" {
		fmt.Println("told to fail")
		return 7
	}
	answer, err := http.Post("http://127.0.0.1:8080/reset", "", nil)
	if err != nil || answer.StatusCode != http.StatusNoContent {
		fmt.Println("no reset", err)
		return 1
	}
	return 0
}

// desk knows who is registered.
type desk struct {
	mu    sync.Mutex
	known map[string]bool
}

func (d *desk) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	d.mu.Lock()
	defer d.mu.Unlock()
	switch r.URL.Path {
	case "/healthz":
	case "/patients":
		w.WriteHeader(d.register(r.FormValue("name")))
	case "/reset", "/restart":
		if token := os.Getenv("TOKEN"); token != "" && r.Header.Get("Authorization") != "Bearer "+token {
			w.WriteHeader(http.StatusForbidden)
			return
		}
		d.known = nil
		w.WriteHeader(http.StatusNoContent)
	default:
		w.WriteHeader(http.StatusNotFound)
	}
}

func (d *desk) register(name string) int {
	if beside := os.Getenv("BESIDE"); beside != "" {
		connection, err := net.DialTimeout("tcp", beside, 2*time.Second)
		if err != nil {
			return http.StatusBadGateway
		}
		connection.Close()
	}
	if d.known[name] {
		return http.StatusConflict
	}
	if d.known == nil {
		d.known = make(map[string]bool)
	}
	d.known[name] = true
	return http.StatusCreated
}
