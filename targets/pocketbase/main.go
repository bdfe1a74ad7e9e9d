// Command pocketbase is stock PocketBase with its JavaScript migrations: a
// third-party backend to put under test. What the service is, its collections
// and its rules of access, is said in pb_migrations alone.
package main

import (
	"log"

	"github.com/pocketbase/pocketbase"
	"github.com/pocketbase/pocketbase/plugins/jsvm"
)

func main() {
	app := pocketbase.New()
	jsvm.MustRegister(app, jsvm.Config{})
	if err := app.Start(); err != nil {
		log.Fatal(err)
	}
}
