package config

import (
	"bytes"
	"encoding/json"
	"fmt"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.yaml.in/yaml/v3"

	"github.com/telehealth-conformance/crosstalk/harness/internal/golden"
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/mapping"
)

// The vendor's guide, the file that its examples change, and what CI services
// read.
const (
	root       = "../../.."
	guideFile  = root + "/targets/README.md"
	clinicFile = root + "/.github/conformance/crosstalk.yaml"
)

var ciFiles = []string{root + "/.github/actions/crosstalk/action.yml", root + "/.github/workflows/conformance.yml", root + "/.gitlab/conformance.gitlab-ci.yml"}

func readText(t *testing.T, path string) string {
	t.Helper()
	text, err := os.ReadFile(path)
	require.NoError(t, err)
	return string(text)
}

// anyVariable is an environment in which everything is set.
func anyVariable(string) (string, bool) { return "made-up", true }

func TestTheGuideExplainsEveryKeyOfTheSchemaAndNoOther(t *testing.T) {
	s := schemaWalk{seen: make(map[string]bool)}
	require.NoError(t, json.Unmarshal(schemaText, &s.raw))
	s.walk(s.raw, "")
	_, reference, ok := strings.Cut(readText(t, guideFile), "\n## Every key")
	require.True(t, ok)
	reference, _, ok = strings.Cut(reference, "\n## ")
	require.True(t, ok)
	explained := make(map[string]bool)
	for _, row := range regexp.MustCompile("(?m)^\\| `([^`]+)` \\|").FindAllStringSubmatch(reference, -1) {
		require.False(t, explained[row[1]], "%s is explained twice", row[1])
		explained[row[1]] = true
	}
	require.Equal(t, slices.Sorted(maps.Keys(s.seen)), slices.Sorted(maps.Keys(explained)))
}

func TestTheGuideListsWhatThereIsToDeclareAboutAccess(t *testing.T) {
	golden.Block(t, guideFile, "access", accessTable())
}

// accessTable is a table in Markdown.
func accessTable() string {
	var b strings.Builder
	b.WriteString("| key | what is chosen | when nothing is declared | rules it relaxes | told apart by |\n|---|---|---|---|---|\n")
	group := ""
	for _, p := range models.AccessPolicies() {
		if of, _, grouped := strings.Cut(p.Key, "."); grouped && of != group {
			group = of
			fmt.Fprintf(&b, "| `policy.%s` | the following | | | |\n", group)
		}
		values := make([]string, len(p.Values))
		for i, v := range p.Values {
			values[i] = v.Word + ": " + v.Means
		}
		fmt.Fprintf(&b, "| `policy.%s` | %s | `%s` | %s | `%s` |\n", p.Key, strings.TrimSuffix(p.About, ".")+". "+strings.Join(values, "; "), p.Values[0].Word,
			strings.Join(p.Rules, ", "), p.Told)
	}
	return b.String()
}

func TestTheGuideNamesEveryOperationWithTheRulesThatNeedIt(t *testing.T) {
	guide := readText(t, guideFile)
	for _, k := range models.Kinds() {
		row := regexp.MustCompile("(?m)^\\| `" + string(k) + "` \\|.*$").FindString(guide)
		require.NotEmpty(t, row, k)
		for _, rule := range models.Rules() {
			if slices.Contains(rule.Needs, k) || slices.Contains(rule.NeedsOne, k) {
				require.Contains(t, row, rule.ID, k)
			}
		}
	}
}

func TestEveryExampleOfTheGuideIsACompleteFileWithTheClinicsKeys(t *testing.T) {
	blocks := blocksOf(readText(t, guideFile), "yaml")
	require.NotEmpty(t, blocks)
	for _, block := range blocks {
		var file, example map[string]any
		require.NoError(t, yaml.Unmarshal([]byte(readText(t, clinicFile)), &file))
		require.NoError(t, yaml.Unmarshal([]byte(block), &example), block)
		text, err := yaml.Marshal(overlaid(file, example))
		require.NoError(t, err)
		requireCompiles(t, string(text), block)
	}
}

// blocksOf are the fenced blocks of a text in a language.
func blocksOf(text, language string) []string {
	var out []string
	for i, part := range strings.Split("\n"+text, "\n```") {
		if name, block, _ := strings.Cut(part, "\n"); i%2 == 1 && name == language {
			out = append(out, block)
		}
	}
	return out
}

// overlaid is a file with an example's keys; operations that an example does not
// have stay as they are.
func overlaid(file, example map[string]any) map[string]any {
	if operations, ok := example["operations"].(map[string]any); ok {
		all := maps.Clone(file["operations"].(map[string]any))
		maps.Copy(all, operations)
		example["operations"] = all
	}
	maps.Copy(file, example)
	if target := file["target"].(map[string]any); target["process"] != nil {
		for _, key := range []string{"auth", "ids", "recording", "encounter", "operations"} {
			delete(file, key)
		}
	}
	return file
}

// requireCompiles loads the text of a file and compiles what it maps.
func requireCompiles(t *testing.T, text, about string) {
	t.Helper()
	path := filepath.Join(t.TempDir(), "crosstalk.yaml")
	require.NoError(t, os.WriteFile(path, []byte(text), 0o644))
	f, err := Load(path, anyVariable)
	require.NoError(t, err, about)
	if f.Target.Process != nil {
		return
	}
	m, problems := mapping.Compile(f.Spec)
	require.Empty(t, problems, about)
	for key, a := range map[string]*Action{"target.reset.http": f.Target.Reset, "target.restart.http": f.Target.Restart} {
		if a != nil && a.HTTP != nil {
			_, problems = m.Action(a.HTTP, key)
			require.Empty(t, problems, about)
		}
	}
}

func TestTheClinicOfContinuousIntegrationHasEveryOperation(t *testing.T) {
	f, err := Load(clinicFile, anyVariable)
	require.NoError(t, err)
	m, problems := mapping.Compile(f.Spec)
	require.Empty(t, problems)
	require.Len(t, m.Operations(), len(models.Kinds())-1, "all but restart, which is target.restart")
}

func TestEveryCommandOfTheGuideAndOfContinuousIntegrationExists(t *testing.T) {
	if testing.Short() {
		t.Skip("builds crosstalk")
	}
	binary := filepath.Join(t.TempDir(), "crosstalk")
	output, err := exec.Command("go", "build", "-o", binary, "../../cmd/crosstalk").CombinedOutput()
	require.NoError(t, err, string(output))
	guide := strings.Join(blocksOf(readText(t, guideFile), ""), "\n")
	known := make(map[string]string)
	for _, call := range append(commands(guide), ciCommands(t)...) {
		if known[call.name] == "" {
			help, err := exec.Command(binary, call.name, "--help").CombinedOutput()
			require.NoError(t, err, "crosstalk %s: %s", call.name, help)
			require.Contains(t, string(help), "crosstalk "+call.name+" ", "there is no such command")
			known[call.name] = string(help)
		}
		for _, flag := range call.flags {
			require.Regexp(t, `(?m)^ +(-h, )?`+regexp.QuoteMeta(flag)+`\b`, known[call.name], "crosstalk %s", call.name)
		}
	}
	require.Subset(t, slices.Collect(maps.Keys(known)), []string{"init", "doctor", "run", "conform", "replay"})
}

// command is a call of crosstalk that a text shows.
type command struct {
	name  string
	flags []string
}

var (
	called  = regexp.MustCompile(`(?m)^[ -]*\$? ?(?:[^\n]*[;&|] )?(?:[^\s"]*/)?"?\$?(?i:crosstalk)"? ((?:` + subcommands + `)\b)([^\n]*)`)
	flagged = regexp.MustCompile(`--[a-z][a-z-]*`)
)

// subcommands are those by which a call is told from a sentence.
const subcommands = "init|doctor|run|conform|replay|reduce|rules|faults|clinic"

func commands(text string) []command {
	var out []command
	for _, m := range called.FindAllStringSubmatch(text, -1) {
		out = append(out, command{m[1], flagged.FindAllString(m[2], -1)})
	}
	return out
}

// ciCommands are the calls of the files that CI services read, each with the flags
// that variables and arrays of a script add to conform.
func ciCommands(t *testing.T) []command {
	t.Helper()
	settings := command{name: "conform"}
	var out []command
	for _, path := range ciFiles {
		var file yaml.Node
		text := readText(t, path)
		require.NoError(t, yaml.Unmarshal([]byte(text), &file), path)
		eachScalar(&file, func(script string) { out = append(out, commands(script)...) })
		for _, m := range regexp.MustCompile(`arguments\+?=\((.*)\)`).FindAllStringSubmatch(text, -1) {
			settings.flags = append(settings.flags, flagged.FindAllString(m[1], -1)...)
		}
		for _, m := range regexp.MustCompile(`(?m)^ +CROSSTALK_([A-Z_]+): `).FindAllStringSubmatch(text, -1) {
			if m[1] != "REQUIRE_DOCKER" && m[1] != "SOURCES" {
				settings.flags = append(settings.flags, "--"+strings.ToLower(strings.ReplaceAll(m[1], "_", "-")))
			}
		}
	}
	require.GreaterOrEqual(t, len(out), 4, "doctor and conform in both")
	return append(out, settings)
}

func eachScalar(n *yaml.Node, visit func(string)) {
	if n.Kind == yaml.ScalarNode {
		visit(n.Value)
	}
	for _, c := range n.Content {
		eachScalar(c, visit)
	}
}

func TestInputsAndStepsOfTheActionAreThereWhereTheyAreNamed(t *testing.T) {
	var action struct {
		Inputs map[string]struct{ Description string }
		Runs   struct {
			Using string
			Steps []struct{ ID, Shell, Run, Uses string }
		}
	}
	text := readText(t, ciFiles[0])
	require.NoError(t, yaml.Unmarshal([]byte(text), &action))
	require.Equal(t, "composite", action.Runs.Using)
	ids := make(map[string]bool)
	for _, s := range action.Runs.Steps {
		ids[s.ID] = true
		require.True(t, (s.Uses != "") != (s.Run != "" && s.Shell != ""), "a step runs in a shell, or uses an action: %v", s)
		require.NotContains(t, s.Run, "${{", "what others write goes into scripts by the environment")
		requireShell(t, s.Run)
	}
	for _, m := range regexp.MustCompile(`\binputs\.([a-z-]+)`).FindAllStringSubmatch(text, -1) {
		require.Contains(t, action.Inputs, m[1])
	}
	for _, m := range regexp.MustCompile(`\bsteps\.([a-z-]+)\.`).FindAllStringSubmatch(text, -1) {
		require.True(t, ids[m[1]], m[1])
	}
	var workflow struct {
		Jobs map[string]struct {
			Steps []struct {
				Uses string
				With map[string]string
			}
		}
	}
	require.NoError(t, yaml.Unmarshal([]byte(readText(t, ciFiles[1])), &workflow))
	for name, job := range workflow.Jobs {
		require.NotEmpty(t, job.Steps, name)
		for _, s := range job.Steps {
			if strings.HasPrefix(s.Uses, "./") {
				require.FileExists(t, filepath.Join(root, s.Uses, "action.yml"))
				for input := range s.With {
					require.Contains(t, action.Inputs, input)
				}
			}
		}
	}
}

// requireShell has bash read a script without running it.
func requireShell(t *testing.T, script string) {
	t.Helper()
	bash, err := exec.LookPath("bash")
	if err != nil {
		t.Log("no bash: the scripts are not read")
		return
	}
	cmd := exec.Command(bash, "-n")
	cmd.Stdin = strings.NewReader(script)
	output, err := cmd.CombinedOutput()
	require.NoError(t, err, "%s%s", output, script)
}

func TestTheGitLabJobLetsInconclusiveRunsPassWithAWarning(t *testing.T) {
	var jobs map[string]struct {
		Extends      string
		Script       []string
		AllowFailure struct {
			ExitCodes []int `yaml:"exit_codes"`
		} `yaml:"allow_failure"`
		Artifacts struct {
			When    string
			Reports struct{ JUnit string }
		}
		Variables map[string]string
	}
	require.NoError(t, yaml.Unmarshal([]byte(readText(t, ciFiles[2])), &jobs))
	job := jobs[".crosstalk"]
	require.Equal(t, []int{2}, job.AllowFailure.ExitCodes)
	require.Equal(t, "always", job.Artifacts.When)
	require.Equal(t, job.Variables["CROSSTALK_JUNIT"], job.Artifacts.Reports.JUnit)
	require.Equal(t, ".crosstalk", jobs["conformance"].Extends)
	requireShell(t, strings.Join(job.Script, "\n"))
}

func TestLinksOfTheGuideLeadSomewhere(t *testing.T) {
	guide := readText(t, guideFile)
	anchors := make(map[string]bool)
	for _, m := range regexp.MustCompile(`(?m)^#+ (.*)$`).FindAllStringSubmatch(guide, -1) {
		anchors[anchor(m[1])] = true
	}
	for _, m := range regexp.MustCompile(`\]\(([^)\s]+)\)`).FindAllStringSubmatch(guide, -1) {
		switch to := m[1]; {
		case strings.HasPrefix(to, "#"):
			require.True(t, anchors[to[1:]], "no heading %s", to)
		case !strings.Contains(to, "://"):
			_, err := os.Stat(filepath.Join(filepath.Dir(guideFile), to))
			require.NoError(t, err)
		}
	}
}

// anchor is what a heading is linked by.
func anchor(heading string) string {
	var b bytes.Buffer
	for _, r := range strings.ToLower(heading) {
		switch {
		case r == ' ':
			b.WriteByte('-')
		case r == '-' || r == '_' || r >= 'a' && r <= 'z' || r >= '0' && r <= '9':
			fmt.Fprintf(&b, "%c", r)
		}
	}
	return b.String()
}
