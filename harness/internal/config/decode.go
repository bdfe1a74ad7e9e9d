package config

import (
	"cmp"
	"errors"
	"fmt"
	"path/filepath"
	"strings"
	"time"

	"go.yaml.in/yaml/v3"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/mapping"
)

// decode fills in what the tree says, which the schema has accepted.
func (f *File) decode() error {
	sections := struct {
		Version *int     `yaml:"version"`
		Target  *Target  `yaml:"target"`
		Policy  policy   `yaml:"policy"`
		Run     *Run     `yaml:"run"`
		Known   *[]Known `yaml:"known_failures"`
		Outputs *Outputs `yaml:"outputs"`
	}{&f.Version, &f.Target, policy(models.ReferencePolicy().Undeclared()), &f.Run, &f.Known, &f.Outputs}
	err := f.resolved.root.Decode(&sections)
	if err == nil {
		f.Policy = models.Policy(sections.Policy)
		f.access()
		err = f.choices()
	}
	if err == nil {
		f.Spec, err = mapping.Decode(f.resolved.root)
	}
	if err != nil {
		return f.asProblems(err)
	}
	f.Spec.File, f.Spec.Directory = f.Path, filepath.Dir(f.Path)
	f.complete()
	return nil
}

// asProblems says where a value is that the schema accepts and that cannot be
// read all the same.
func (f *File) asProblems(err error) error {
	p, ok := errors.AsType[mapping.Problem](err)
	if !ok {
		return fmt.Errorf("%s: %w", f.Path, err)
	}
	return Problems{{File: f.Path, Line: p.Pos.Line, Column: p.Pos.Column, Path: p.Key, Text: f.Redact(p.Text)}}
}

// complete fills in the defaults and makes paths relative to the file.
func (f *File) complete() {
	t := &f.Target
	t.Name = cmp.Or(t.Name, f.folder())
	t.TLS.CA = f.beside(t.TLS.CA)
	if t.Build != nil {
		t.Build.Binary = f.beside(t.Build.Binary)
	}
	f.completeCopies(t.Files)
	for _, s := range t.Services {
		f.completeCopies(s.Files)
	}
	f.Outputs = Outputs{f.beside(f.Outputs.Directory), f.beside(f.Outputs.JUnit), f.beside(f.Outputs.Statement)}
	if t.Process != nil {
		t.Process.Directory = f.beside(cmp.Or(t.Process.Directory, "."))
		t.Process.Timeout = cmp.Or(t.Process.Timeout, defaultAnswer)
		return
	}
	t.Timeout = cmp.Or(t.Timeout, DefaultTimeout)
	if t.Reset == nil {
		t.Reset = &Action{Way: WayNone}
	}
	if t.Contained() {
		t.Port = cmp.Or(t.Port, DefaultPort)
		if !f.Says("target.reset") {
			t.Reset.Way = WayContainer
		}
	}
}

func (f *File) completeCopies(files []Copy) {
	for i := range files {
		files[i].From = f.beside(files[i].From)
	}
}

// folder is the name of the folder in which the file is.
func (f *File) folder() string {
	if whole, err := filepath.Abs(f.Path); err == nil {
		if name := filepath.Base(filepath.Dir(whole)); name != string(filepath.Separator) {
			return name
		}
	}
	return "service"
}

// policy is a policy with the file's names. Its fields are those of
// [models.Policy], so that one converts to the other.
type policy struct {
	Recordings    models.Grain      `yaml:"recordings"`
	Totals        models.Totals     `yaml:"totals"`
	RecordAudio   bool              `yaml:"record_audio"`
	MinAge        int               `yaml:"min_age"`
	PatientMayEnd bool              `yaml:"patient_may_end"`
	Refusal       models.Outcome    `yaml:"refusal"`
	Lag           time.Duration     `yaml:"lag"`
	Groups        bool              `yaml:"groups"`
	Repeats       bool              `yaml:"repeats"`
	Links         models.LinkPolicy `yaml:"links"`
	Slotless      bool              `yaml:"-"` // what the operations send says it
	Switchless    bool              `yaml:"switchless"`
	// Those with keys of their own: see [File.access] and [File.choices].
	Access  models.AccessChoices `yaml:"-"`
	Choices models.Choices       `yaml:"-"`
}

// access reads the choices about access that the policy declares.
func (f *File) access() {
	for _, p := range models.AccessPolicies() {
		if n := f.resolved.find(append([]string{"policy"}, strings.Split(p.Key, ".")...)...); n != nil {
			f.Policy.Access, _ = f.Policy.Access.With(p.Key, n.Value) // the schema knows the words
		}
	}
}

// choices reads the choices about the life of a visit that the policy declares.
func (f *File) choices() error {
	var said struct {
		Policy map[string]yaml.Node `yaml:"policy"`
	}
	if err := f.resolved.root.Decode(&said); err != nil {
		return err
	}
	for _, a := range models.Axes() {
		if value, ok := said.Policy[a.Key]; ok {
			f.Policy.Choices, _ = f.Policy.Choices.Choose(a.Key, value.Value) // the schema knows the values
		}
	}
	return nil
}

// Services are containers in the order in which they are started.
type Services []Service

// UnmarshalYAML reads a mapping of names to services.
func (s *Services) UnmarshalYAML(n *yaml.Node) error {
	for i := 0; i+1 < len(n.Content); i += 2 {
		service := Service{Name: n.Content[i].Value}
		if err := n.Content[i+1].Decode(&service); err != nil {
			return err
		}
		*s = append(*s, service)
	}
	return nil
}

// UnmarshalYAML reads the way in one word, or a mapping with http or exec.
func (a *Action) UnmarshalYAML(n *yaml.Node) error {
	if n.Kind == yaml.ScalarNode {
		a.Way = n.Value
		return nil
	}
	var long struct {
		HTTP *mapping.Step `yaml:"http"`
		Exec []string      `yaml:"exec"`
	}
	if err := n.Decode(&long); err != nil {
		return err
	}
	a.HTTP, a.Exec, a.Way = long.HTTP, long.Exec, WayHTTP
	if a.HTTP == nil {
		a.Way = WayExec
	}
	return nil
}
