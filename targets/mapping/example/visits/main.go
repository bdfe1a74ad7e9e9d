// Visits is a small video practice as a vendor could have built it: a service
// whose API has nothing in common with the reference clinic's but what it is
// for. It keeps everything in memory. README.md and openapi.yaml describe it.
//
// With -leak it has a mistake: who has switched a visit from a call to video
// finds everybody's recordings among their own.
package main

import (
	"errors"
	"flag"
	"fmt"
	"log"
	"net"
	"net/http"
	"time"
)

func main() {
	listen := flag.String("listen", "127.0.0.1:8090", "address to listen on")
	password := flag.String("admin-password", "letmein", "password of the administrator")
	leak := flag.Bool("leak", false, "list everybody's recordings to who has switched to video")
	flag.Parse()
	listener, err := net.Listen("tcp", *listen)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("visits listens on http://%s\n", listener.Addr())
	server := &http.Server{Handler: newPractice(*password, *leak).routes(), ReadHeaderTimeout: 10 * time.Second}
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		log.Fatal(err)
	}
}

// routes are the paths of the API, below /v3.
func (p *practice) routes() http.Handler {
	mux := http.NewServeMux()
	for pattern, serve := range map[string]handler{
		"GET /v3/status":                            func(*request) any { return fields{"status": "up"} },
		"POST /v3/signup":                           p.signUp,
		"POST /v3/signin":                           p.signIn,
		"POST /v3/signout":                          user(p.signOut),
		"DELETE /v3/me":                             user(p.leaveForGood),
		"POST /v3/admin/signin":                     p.adminSignIn,
		"POST /v3/admin/doctors":                    p.admin(p.addDoctor),
		"POST /v3/admin/wipe":                       p.admin(p.wipe),
		"POST /v3/appointments":                     user(p.makeAppointment),
		"POST /v3/appointments/{no}/slot":           own(p.move),
		"DELETE /v3/appointments/{no}":              own(p.callOff),
		"POST /v3/appointments/{no}/visit":          own(p.enter),
		"POST /v3/appointments/{no}/visit/media":    own(p.upload),
		"POST /v3/appointments/{no}/visit/medium":   own(p.changeMedium),
		"DELETE /v3/appointments/{no}/visit":        own(p.exit),
		"POST /v3/appointments/{no}/visit/complete": own(p.complete),
		"GET /v3/visits":                            user(p.visits),
		"GET /v3/recordings/{no}":                   kept(p.show),
		"GET /v3/recordings/{no}/media":             kept(p.play),
		"DELETE /v3/recordings/{no}":                kept(p.remove),
	} {
		mux.Handle(pattern, p.serve(serve))
	}
	return mux
}
