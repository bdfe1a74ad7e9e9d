package results

import (
	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/models"
)

// Rebuild is what a saved run's reports are built again from, besides the rest
// of its results: how it was called, and which histories of history.jsonl belong
// to what was found.
type Rebuild struct {
	Program        string                   `json:"program"`
	TargetArgs     []string                 `json:"targetArgs,omitempty"`
	Source         string                   `json:"source,omitempty"`
	Strict         bool                     `json:"strict,omitempty"`
	Whole          bool                     `json:"whole,omitempty"`
	Implementation *evidence.Implementation `json:"implementation,omitempty"`
	Configuration  string                   `json:"configuration,omitempty"`
	Config         string                   `json:"config,omitempty"`
	// ConfigLines are the lines of that file that say how a kind of operation is
	// performed.
	ConfigLines map[models.Kind]int `json:"configLines,omitempty"`
	// FoundWorld, MinimalWorld and RecordWorld are the worlds of the histories of
	// what was found, of its minimal trace and of the run that was recorded.
	FoundWorld   models.Namespace `json:"foundWorld,omitempty"`
	MinimalWorld models.Namespace `json:"minimalWorld,omitempty"`
	RecordWorld  models.Namespace `json:"recordWorld,omitempty"`
	// Others are the violations of other rules.
	Others []RebuildCase `json:"others,omitempty"`
}

// RebuildCase is a violation besides the first, and what it was reduced to.
type RebuildCase struct {
	Found        Found            `json:"found"`
	Minimal      *Minimal         `json:"minimal,omitempty"`
	FoundWorld   models.Namespace `json:"foundWorld"`
	MinimalWorld models.Namespace `json:"minimalWorld,omitempty"`
}

// rebuild is what is kept of a run.
func rebuild(r *evidence.Run) Rebuild {
	out := Rebuild{Program: r.Invocation.Program, TargetArgs: r.Invocation.Target, Source: r.Source, Strict: r.Strict, Whole: r.Whole,
		Configuration: r.Configuration, Config: r.Config, ConfigLines: configLines(r)}
	if r.Implementation != (evidence.Implementation{}) {
		out.Implementation = &r.Implementation
	}
	if r.Found != nil {
		out.FoundWorld = worldOf(r.Found.History)
	}
	if m := r.Minimal; m != nil {
		out.MinimalWorld = worldOf(m.History)
		if m.Record != nil {
			out.RecordWorld = worldOf(m.Record.History)
		}
	}
	for _, c := range r.Others {
		out.Others = append(out.Others, rebuildCase(c))
	}
	return out
}

// configLines are the lines of the configuration file that are known.
func configLines(r *evidence.Run) map[models.Kind]int {
	if r.ConfigLine == nil {
		return nil
	}
	out := make(map[models.Kind]int)
	for _, k := range models.Kinds() {
		if line := r.ConfigLine(k); line > 0 {
			out[k] = line
		}
	}
	return out
}

func rebuildCase(c harness.Case) RebuildCase {
	out := RebuildCase{Found: foundOf(c.Found), FoundWorld: worldOf(c.Found.History)}
	if c.Minimal != nil {
		out.Minimal, out.MinimalWorld = minimalOf(c.Minimal), worldOf(c.Minimal.History)
	}
	return out
}

func worldOf(h *history.History) models.Namespace {
	if h == nil {
		return ""
	}
	return h.World
}
