// Package setup makes of a configuration file the service under test: one that
// runs at a URL, a container, a program or an adapter process, with what it needs
// to be started, reached and reset. [Open] is the entrance.
package setup
