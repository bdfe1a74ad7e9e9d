package proof_test

import (
	"io"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/golden"
	"github.com/telehealth-conformance/crosstalk/harness/internal/proof"
	"github.com/telehealth-conformance/crosstalk/harness/internal/samples"
)

func TestTheFaultTableIsWhatTheGoldenFilesSay(t *testing.T) {
	found, lost := samples.Violated(t), samples.Unreproduced(t)
	_, well := samples.Judged(t, samples.Leaky, nil)
	missed := samples.RunOf(well)
	row := func(name string, r *harness.Result) proof.Row {
		run := proof.NewRun([]string{"LIST-1"}, r)
		run.CleanOnCorrect = run.Minimal > 0
		return proof.Row{Fault: name, Expected: []string{"LIST-1"}, Runs: []proof.Run{run}}
	}
	table := &proof.Table{Target: "clinic", Seeds: []int{7}, Traces: 1000, Rows: []proof.Row{
		row("found", &found.Result), row("not-reproduced", &lost.Result), row("missed", &missed.Result)}}
	require.Equal(t, 1, table.Convincing())
	both := row("both", &found.Result)
	both.Runs = append(both.Runs, row("", &missed.Result).Runs...)
	golden.Compare(t, "faults-seeds.txt", func(w io.Writer) error {
		return proof.Text(w, &proof.Table{Target: "clinic", Seeds: []int{7, 8}, Traces: 1000, Rows: []proof.Row{both}})
	})
	golden.Compare(t, "faults.txt", func(w io.Writer) error { return proof.Text(w, table) })
	golden.Compare(t, "faults.json", func(w io.Writer) error { return proof.JSON(w, table) })
}

func TestTheTableOfChoicesHoldsUnlessOneIsAccused(t *testing.T) {
	_, well := samples.Judged(t, samples.Leaky, nil)
	missed, found := samples.RunOf(well), samples.Violated(t)
	table := &proof.Table{Target: "clinic", Seeds: []int{7}, Choices: []proof.ChoiceRow{proof.NewChoiceRow("drop-leaves", &missed.Result)}}
	require.True(t, table.Holds())
	table.Choices = append(table.Choices, proof.NewChoiceRow("drop-leaves+newest-first", &found.Result))
	require.False(t, table.Holds())
	golden.Compare(t, "choices.txt", func(w io.Writer) error { return proof.Text(w, table) })
}
