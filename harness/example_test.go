package harness_test

import (
	"context"
	"fmt"
	"testing"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/history"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/scenarios"
	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/clinic"
	"github.com/telehealth-conformance/crosstalk/targets/clinic/faults"
	"github.com/telehealth-conformance/crosstalk/targets/rest"
)

// The clinic with a seeded fault is explored until the first violation.
func ExampleExplore() {
	fault, err := faults.Find("switch-drops-filter")
	if err != nil {
		fmt.Println(err)
		return
	}
	launcher := clinic.Launcher{Configure: fault.Apply, Label: "clinic --fault " + fault.Slug}
	result, err := harness.Explore(context.Background(), launcher, harness.Options{Traces: 200, Seed: 1})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(result.Verdict)
	fmt.Println(result.Minimal.Violation.Signature)
	fmt.Println(len(result.Minimal.Trace.Ops), "operations, proven:", result.Minimal.Proven())
	// Output:
	// violation
	// LIST-1 presented by list
	// 11 operations, proven: true
}

// A named trace is run on a fresh service and judged.
func ExampleJudge() {
	trace, err := scenarios.Named("gp-app-2020-06-09")
	if err != nil {
		fmt.Println(err)
		return
	}
	j := judge.NewJudge(context.Background(), clinic.Launcher{}, 1, nil)
	defer j.Close()
	got, err := j.Judge(context.Background(), trace, history.Replaying)
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(len(got.History.Events), "operations,", len(got.Verdict.Violations), "violations")
	// Output: 22 operations, 0 violations
}

// A service that runs elsewhere is tested from a Go test.
func ExampleTest() {
	_ = func(t *testing.T) {
		service, err := rest.New(rest.Config{URL: "http://127.0.0.1:8080", OperatorToken: "..."})
		if err != nil {
			t.Fatal(err)
		}
		harness.Test(t, targets.Shared(service))
	}
}
