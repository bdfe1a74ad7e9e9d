package config

import (
	"path/filepath"
	"testing"
	"time"

	"github.com/spf13/pflag"
	"github.com/stretchr/testify/require"
)

// runFlags are flags like those of crosstalk run.
func runFlags() *pflag.FlagSet {
	flags := pflag.NewFlagSet("run", pflag.ContinueOnError)
	flags.Int("traces", 1000, "")
	flags.Int("seed", 0, "")
	flags.Int("workers", 0, "")
	flags.Duration("time", 0, "")
	flags.Bool("strict", false, "")
	flags.Bool("noninterference", false, "")
	flags.StringSlice("without", nil, "")
	flags.String("out", "", "")
	flags.String("junit", "", "")
	flags.String("config", "crosstalk.yaml", "")
	flags.String("clinic-binary", "", "")
	return flags
}

func from(variables map[string]string) func(string) (string, bool) {
	return func(name string) (string, bool) {
		value, ok := variables[name]
		return value, ok
	}
}

func TestFlagsGoBeforeTheEnvironmentAndThatBeforeTheFile(t *testing.T) {
	flags := runFlags()
	require.NoError(t, flags.Parse([]string{"--traces", "7"}))
	env := from(map[string]string{"CROSSTALK_TRACES": "8", "CROSSTALK_TIME": "90s", "CROSSTALK_CLINIC_BINARY": "clinic", "CROSSTALK_SEED": ""})
	require.NoError(t, Settings(flags, env, nil))
	require.NoError(t, Settings(flags, env, load(t, "url.yaml")))
	got := make(map[string]string)
	flags.VisitAll(func(f *pflag.Flag) { got[f.Name] = f.Value.String() })
	require.Equal(t, map[string]string{
		"traces": "7", "time": (90 * time.Second).String(), "clinic-binary": "clinic", // of the command line and the environment
		"seed": "1", "workers": "2", "strict": "true", "noninterference": "true", "without": "[restart,follow]", // of the file
		"out": filepath.Join("testdata", "good", "crosstalk-out", "ci"), "junit": filepath.Join("testdata", "good", "reports", "junit.xml"),
		"config": "crosstalk.yaml", // of nobody
	}, got)
	require.True(t, flags.Changed("time"))
	require.False(t, flags.Changed("config"))
}

func TestWhatNobodySaysStaysAsItIs(t *testing.T) {
	flags := runFlags()
	require.NoError(t, Settings(flags, from(nil), load(t, "minimal.yaml")))
	flags.VisitAll(func(f *pflag.Flag) { require.False(t, f.Changed, f.Name) })
}

func TestABadValueSaysWhereItIsFrom(t *testing.T) {
	err := Settings(runFlags(), from(map[string]string{"CROSSTALK_TRACES": "many", "CROSSTALK_WORKERS": "0", "CROSSTALK_TIME": "soon", "CROSSTALK_STRICT": "2"}), nil)
	require.EqualError(t, err, `CROSSTALK_STRICT: expected true or false, got "2"
CROSSTALK_TIME: expected a time like 90s or 10m, got "soon"
CROSSTALK_TRACES: expected a whole number from 1, got "many"
CROSSTALK_WORKERS: expected a whole number from 1 to 10000, got "0"`)
	flags := pflag.NewFlagSet("other", pflag.ContinueOnError)
	flags.Bool("traces", false, "")
	err = Settings(flags, from(nil), load(t, "url.yaml"))
	require.ErrorContains(t, err, filepath.Join("testdata", "good", "url.yaml")+":92:15: expected a whole number from 1, got \"2000\"")
}
