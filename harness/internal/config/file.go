package config

import (
	"strings"
	"time"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/mapping"
)

// A File is what crosstalk.yaml says, checked, with the reference's defaults
// where it says nothing and paths that are relative to it resolved.
type File struct {
	// Path is the file as it was named to [Load].
	Path string
	// Version is the version of the format, 1.
	Version int
	// Target is the service under test.
	Target Target
	// Policy is what the service chose; the reference's where the file is silent.
	Policy models.Policy
	// Spec says how a service that is no adapter is spoken to.
	Spec mapping.Spec
	// Run is how it is explored, where the file says so; see [Settings].
	Run Run
	// Known are the violations that are known, in the order of the file.
	Known []Known
	// Outputs say what is written where.
	Outputs Outputs

	text     []byte
	written  *tree // as in the file, ${NAME} included
	resolved *tree
	redactor *strings.Replacer
	hidden   []targets.Secret
}

// Target is the service under test. Exactly one of URL, Image, Build and Process
// is given.
type Target struct {
	// Name is how reports call it: by default the name of the file's folder.
	Name string `yaml:"name"`
	// Version is the service's own, or empty.
	Version string `yaml:"version"`

	URL     string   `yaml:"url"`
	Image   string   `yaml:"image"`
	Build   *Build   `yaml:"build"`
	Process *Process `yaml:"process"`

	// Base is put in front of paths.
	Base string `yaml:"base"`
	// Timeout is that of one request, by default [DefaultTimeout].
	Timeout time.Duration `yaml:"timeout"`
	TLS     TLS           `yaml:"tls"`

	// The following are for an image, or one that is built; Ready.Path and Ready.TCP
	// for a URL as well.
	Container `yaml:",inline"`
	// Services are started before it, in this order.
	Services Services `yaml:"services"`

	// Reset makes a service in which nobody exists yet; nil for an adapter, which
	// says itself what it does.
	Reset *Action `yaml:"reset"`
	// Restart does service.restart(); nil where that is not supported.
	Restart *Action `yaml:"restart"`
}

// DefaultTimeout is the time limit of one request where the file names none,
// DefaultPort the port of a container, and defaultAnswer the time limit of an
// adapter's answer.
const (
	DefaultTimeout = 10 * time.Second
	DefaultPort    = 8080
	defaultAnswer  = 30 * time.Second
)

// Contained reports whether the service runs in a container that crosstalk
// starts.
func (t *Target) Contained() bool { return t.Image != "" || t.Build != nil }

// TLS says how an https service is trusted.
type TLS struct {
	// CA is a PEM file of certificate authorities, or empty.
	CA string `yaml:"ca"`
}

// Build is an image made of a static binary.
type Build struct {
	// Binary is the path of a static Linux binary.
	Binary string `yaml:"binary"`
}

// Process is an adapter.
type Process struct {
	// Command is the program and its arguments.
	Command []string `yaml:"command"`
	// Directory is where it runs: by default the file's folder.
	Directory string `yaml:"directory"`
	// Environment is added to crosstalk's own.
	Environment map[string]string `yaml:"environment"`
	// Timeout is that of one answer, by default [defaultAnswer].
	Timeout time.Duration `yaml:"timeout"`
}

// Container is how an image is started.
type Container struct {
	Command     []string          `yaml:"command"`
	Entrypoint  []string          `yaml:"entrypoint"`
	Environment map[string]string `yaml:"environment"`
	Files       []Copy            `yaml:"files"`
	// Port is where the service listens: by default [DefaultPort], and 0 for a
	// service beside the target that names none.
	Port  int   `yaml:"port"`
	Ready Ready `yaml:"ready"`
}

// Copy is a file or folder that is copied into a container.
type Copy struct {
	From string `yaml:"from"` // on this machine
	To   string `yaml:"to"`   // absolute, in the container
}

// Ready is how a service tells that it is ready: by one of Path, TCP, Log and
// Exec, or as the target does by itself where none is given.
type Ready struct {
	Path   string        `yaml:"path"`
	Status []int         `yaml:"status"` // accepted for Path; empty: 200
	TCP    bool          `yaml:"tcp"`
	Log    string        `yaml:"log"` // a regular expression
	Exec   []string      `yaml:"exec"`
	Within time.Duration `yaml:"within"` // 0: the target's own limit
}

// Service is a container beside the service under test.
type Service struct {
	// Name is the host name under which it is reached.
	Name      string `yaml:"-"`
	Image     string `yaml:"image"`
	Container `yaml:",inline"`
}

// The ways of an [Action].
const (
	WayContainer = "container" // a new container, or for a restart the same one
	WayNone      = "none"      // nothing is done
	WayHTTP      = "http"
	WayExec      = "exec"
)

// Action is what is done to a service from outside.
type Action struct {
	// Way is one of [WayContainer], [WayNone], [WayHTTP] and [WayExec].
	Way string
	// HTTP is the request of [WayHTTP].
	HTTP *mapping.Step
	// Exec is the command in the container of [WayExec].
	Exec []string
}

// Run is how the service is explored; nil where the file does not say. The
// values go first to flags; see [Settings].
type Run struct {
	Traces          *int           `yaml:"traces"`
	Time            *time.Duration `yaml:"time"`
	Seed            *int           `yaml:"seed"`
	Workers         *int           `yaml:"workers"`
	Strict          *bool          `yaml:"strict"`
	Noninterference *bool          `yaml:"noninterference"`
	// Without are operations that are left out although the service has them.
	Without []models.Kind `yaml:"without"`
}

// Known is a rule that is known to be broken.
type Known struct {
	Rule   string `yaml:"rule"`
	Reason string `yaml:"reason"`
}

// Outputs are paths; empty where the file names none.
type Outputs struct {
	Directory string `yaml:"directory"`
	JUnit     string `yaml:"junit"`
	Statement string `yaml:"statement"`
}

// Where is the place of what a dotted path leads to, as in
// "operations.list.rows" or "target.files.0.from": of a scalar its own, of a
// mapping or a list that of its key. Where the file does not say it, it is the
// place of the longest part that the file says.
func (f *File) Where(path string) Position { return f.resolved.where(path) }

// Says reports whether the file itself says what a dotted path leads to.
func (f *File) Says(path string) bool { return f.resolved.find(split(path)...) != nil }

// Redact replaces every value that came from the environment by ${NAME}, also
// where it is escaped or in base64. Values shorter than four bytes, and numbers,
// are not taken for secrets.
func (f *File) Redact(s string) string { return f.redactor.Replace(s) }

// Configuration is what the file says, as a value that can be written as YAML or
// JSON: ${NAME} stands as it does in the file, aliases are written out.
// Secrets of the section auth are left out, and what an adapter is given.
func (f *File) Configuration() map[string]any {
	root, names := clone(f.written.root), f.secretNames()
	withoutSecrets(child(root, "auth"), names)
	withoutSecrets((&tree{root: root}).find("target", "process", "environment"), names)
	out, _ := instance(root).(map[string]any)
	return out
}
