package viewer

import (
	"github.com/telehealth-conformance/crosstalk/models"
)

// Page is everything that report.html shows. It is written into the page as
// JSON; names and texts in it are shown as they are and never read as HTML.
type Page struct {
	// Title is that of the browser's window.
	Title    string   `json:"title"`
	Headline Headline `json:"headline"`
	// Traces are those that can be looked at, the one shown first in front. A
	// run that found nothing has none.
	Traces   []Trace  `json:"traces"`
	Rules    []Rule   `json:"rules"`
	Coverage Coverage `json:"coverage"`
	// Exposed counts who was exposed in the whole run, or is nil.
	Exposed *Exposed `json:"exposed,omitempty"`
	// Run says how the run was made, as names and values.
	Run      []Fact    `json:"run"`
	Commands []Command `json:"commands"`
	// Limits are what the run does not tell, in sentences.
	Limits []string `json:"limits"`
}

// Headline says what came out.
type Headline struct {
	// Tone chooses the colour.
	Tone Tone `json:"tone"`
	// Label is the verdict in capitals, as in "VIOLATION".
	Label string `json:"label"`
	// Story says in one sentence who was shown what of whom, or what was done.
	Story string `json:"story"`
	// Because is the rule that is broken, or why there is no verdict.
	Because string `json:"because,omitempty"`
	// Incomplete says why the run did not come to its end, or is empty.
	Incomplete string `json:"incomplete,omitempty"`
}

// Tone is how good or bad something is.
type Tone string

// The tones.
const (
	Good    Tone = "good"
	Bad     Tone = "bad"
	Caution Tone = "caution"
)

// Fact is a name and a value.
type Fact struct {
	Name  string `json:"name"`
	Value string `json:"value"`
}

// Command is a command line to copy.
type Command struct {
	// Does says what it is good for.
	Does string `json:"does"`
	Line string `json:"line"`
}

// Trace is a run of a trace on a service, and what came of it.
type Trace struct {
	// ID names the trace in links to the page: minimal, found.
	ID    string `json:"id"`
	Title string `json:"title"`
	// Note says in a few words what it is, as in "every operation is needed".
	Note string `json:"note,omitempty"`
	// Rule is the rule that it breaks at Leak, its step from 1; 0 for none.
	Rule    string `json:"rule,omitempty"`
	Leak    int    `json:"leak,omitempty"`
	Message string `json:"message,omitempty"`
	// Exposed counts those concerned, and Sentences name them.
	Exposed   string   `json:"exposed,omitempty"`
	Sentences []string `json:"sentences,omitempty"`

	Actors    []Actor    `json:"actors"`
	Steps     []Step     `json:"steps"`
	Arrows    []Arrow    `json:"arrows,omitempty"`
	Exposures []Exposure `json:"exposures,omitempty"`
	// Certificate is the proof that no operation can be left out, or nil.
	Certificate *Certificate `json:"certificate,omitempty"`
	// Log is what the service wrote around the leak, or nil.
	Log *Log `json:"log,omitempty"`
}

// Actor has a lane.
type Actor struct {
	Name string    `json:"name"`
	Kind ActorKind `json:"kind"`
	// Part is what they are to the violation: "whose recording", "who saw it".
	Part string `json:"part,omitempty"`
}

// ActorKind says what sort of actor somebody is.
type ActorKind string

// The kinds of actor.
const (
	Patient   ActorKind = "patient"
	Clinician ActorKind = "clinician"
	Caller    ActorKind = "no token"
	Operator  ActorKind = "operator"
	Service   ActorKind = "service"
	Elsewhere ActorKind = "another test" // a patient of another world
)

// Step is an operation and its answer.
type Step struct {
	Step  int    `json:"step"` // from 1
	Actor string `json:"actor"`
	Op    string `json:"op"`
	Verb  string `json:"verb"`
	On    string `json:"on,omitempty"` // what it acts on
	// Expected is what a correct service answers, and Answered what was.
	Expected string `json:"expected"`
	Answered string `json:"answered"`
	// Performed is false for a step that the run did not come to.
	Performed bool `json:"performed"`
	// Refused says that the service said no.
	Refused bool `json:"refused,omitempty"`
	// Fields compare the two in detail.
	Fields []Field `json:"fields,omitempty"`
	Breaks []Break `json:"breaks,omitempty"`
	// Divergence says, where the step is the first whose answer no correct service
	// gives, what is expected in each reading, and what explains it.
	Divergence []Fact `json:"divergence,omitempty"`
	// Changes are what the model knows after the step and did not before.
	Changes  []Entity   `json:"changes,omitempty"`
	Evidence []Evidence `json:"evidence,omitempty"`
	// Marks are texts to mark in the bodies of the answers.
	Marks    []string  `json:"marks,omitempty"`
	Requests []Request `json:"requests,omitempty"`
	AtUS     int64     `json:"atMicros"` // since the trace began
	TookUS   int64     `json:"tookMicros"`
}

// Differs reports whether a field of the answer is not as expected.
func (s *Step) Differs() bool {
	for _, f := range s.Fields {
		if f.Differs {
			return true
		}
	}
	return false
}

// Field is a part of an answer. A part that either side does not speak of is
// empty there.
type Field struct {
	Name     string `json:"name"`
	Expected string `json:"expected,omitempty"`
	Answered string `json:"answered,omitempty"`
	Differs  bool   `json:"differs,omitempty"`
}

// Break is a rule broken by a step.
type Break struct {
	Rule    string       `json:"rule"`
	Level   models.Level `json:"level"`
	Message string       `json:"message"`
	// Main says that it is the violation that the trace is for.
	Main bool `json:"main,omitempty"`
}

// Entity is something that the model knows: a patient, a booking. Without facts
// it is known no longer.
type Entity struct {
	Kind  string `json:"kind"`
	Name  string `json:"name"`
	Facts []Fact `json:"facts,omitempty"`
}

// Evidence is where in an answer a foreign tag was found.
type Evidence struct {
	Where string `json:"where"`
	// Text is the row or the bytes, in which Mark stands.
	Text string `json:"text"`
	Mark string `json:"mark"`
	// Says is how it is known whose that is.
	Says string `json:"says"`
}

// Request is a request over HTTP and its answer, without secrets.
type Request struct {
	ID          string `json:"id"`
	Traceparent string `json:"traceparent,omitempty"`
	Method      string `json:"method"`
	URL         string `json:"url"`
	Status      int    `json:"status,omitempty"` // 0 where nothing came back
	TookUS      int64  `json:"tookMicros,omitempty"`
	// Whole says that headers and bodies were recorded.
	Whole bool    `json:"whole,omitempty"`
	Sent  Message `json:"sent,omitzero"`
	Got   Message `json:"got,omitzero"`
	// Failure says why no whole answer came back.
	Failure string `json:"failure,omitempty"`
}

// Message is one direction of an exchange.
type Message struct {
	Headers []Fact `json:"headers,omitempty"`
	Body    string `json:"body,omitempty"`
	// Note says what was done to the body, as in "the first 4,096 of 9,000 bytes".
	Note string `json:"note,omitempty"`
}

// Arrow is drawn from the owner of a recording, where it was made, to who was
// shown it, where they were.
type Arrow struct {
	From     string       `json:"from"`
	FromStep int          `json:"fromStep"` // 0 where it was made before the trace
	To       string       `json:"to"`
	ToStep   int          `json:"toStep"`
	Label    string       `json:"label"`
	Level    models.Level `json:"level"`
	Main     bool         `json:"main,omitempty"`
}

// Exposure is a recording shown to somebody else.
type Exposure struct {
	Subject   string       `json:"subject"`
	Recipient string       `json:"recipient"`
	Recording string       `json:"recording,omitempty"`
	Level     models.Level `json:"level"`
	Path      models.Path  `json:"path"`
	Rule      string       `json:"rule"`
	Step      int          `json:"step"`
	Sentence  string       `json:"sentence"`
}

// Exposed counts who was exposed in a whole run, as exposure.json does.
type Exposed struct {
	// Note says who is counted, and under which names.
	Note   string          `json:"note,omitempty"`
	Levels []LevelCount    `json:"levels"`
	Rows   []WholeExposure `json:"rows"`
	// More counts the exposures that are not among Rows.
	More int `json:"more,omitempty"`
}

// LevelCount counts those exposed at a level or further, each as a number or as
// bounds.
type LevelCount struct {
	Level      models.Level `json:"level"`
	Subjects   string       `json:"subjects"`
	Recipients string       `json:"recipients"`
	Recordings string       `json:"recordings"`
}

// WholeExposure is an exposure in a whole run.
type WholeExposure struct {
	ID        string       `json:"id"`
	Subject   string       `json:"subject,omitempty"` // empty where nobody can tell
	Recipient string       `json:"recipient"`
	Recording string       `json:"recording,omitempty"`
	Level     models.Level `json:"level"`
	Path      models.Path  `json:"path"`
	Possible  bool         `json:"possible,omitempty"` // not proven
	Times     int          `json:"times"`
	First     string       `json:"first"`
	RequestID string       `json:"requestId,omitempty"` // of the first request
}

// Rule is a rule and the verdict on it.
type Rule struct {
	ID           string `json:"id"`
	Level        string `json:"level"` // MUST or SHOULD
	Sentence     string `json:"sentence"`
	Verdict      string `json:"verdict"`
	Tone         Tone   `json:"tone"`
	Checks       int    `json:"checks"`
	Violations   int    `json:"violations,omitempty"`
	Inconclusive int    `json:"inconclusive,omitempty"`
	Known        string `json:"known,omitempty"` // why it is known to be broken
	References   string `json:"references,omitempty"`
}

// Coverage is what was exercised.
type Coverage struct {
	Operations []Operation `json:"operations"`
	// Pairs counts operations by the one before them in the same trace.
	Pairs []Pair `json:"pairs,omitempty"`
	Cells []Cell `json:"cells,omitempty"`
	// ShapeSame and ShapeOther count the traces with the shape of 9 June 2020 in
	// which the same patient listed, and another.
	ShapeSame  int `json:"shapeSame"`
	ShapeOther int `json:"shapeOther"`
}

// Operation counts the operations of a kind, and those answered ok.
type Operation struct {
	Kind      models.Kind `json:"kind"`
	Performed int         `json:"performed"`
	Accepted  int         `json:"accepted"`
}

// Pair counts two operations in a row.
type Pair struct {
	First  models.Kind `json:"first"`
	Second models.Kind `json:"second"`
	Count  int         `json:"count"`
}

// Cell counts a way in which isolation was asked about, and its controls.
type Cell struct {
	Path     models.Path          `json:"path"`
	Viewer   models.SwitchHistory `json:"viewer"`
	Owner    models.SwitchHistory `json:"owner"`
	Checks   int                  `json:"checks"`
	Controls int                  `json:"controls"`
}

// Certificate is what fresh runs have shown of a trace.
type Certificate struct {
	Proven bool   `json:"proven"` // every operation is needed
	Title  string `json:"title"`  // what it certifies
	Whole  string `json:"whole"`  // how often the whole trace showed the violation
	// On says what the runs were made on, or is empty.
	On string `json:"on,omitempty"`
	// Without says for each operation what came of leaving it out.
	Without []Omission `json:"without,omitempty"`
}

// Omission is an operation that was left out, with Also more that need it.
type Omission struct {
	Op   string `json:"op"`
	Also int    `json:"also,omitempty"`
	Came string `json:"came"` // what came of it
}

// Log is a part of what a service wrote.
type Log struct {
	Lines []LogLine `json:"lines"`
	Note  string    `json:"note,omitempty"`
}

// LogLine is a line by its number, from 1. Hit says that it has the id of a
// request of the leaking step.
type LogLine struct {
	Line int    `json:"line"`
	Text string `json:"text"`
	Hit  bool   `json:"hit,omitempty"`
}
