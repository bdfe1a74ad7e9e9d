package evidence

import (
	"runtime/debug"
)

// Suite is the version of crosstalk as it was built: the module's, or the
// revision it was built from.
func Suite() string {
	build, ok := debug.ReadBuildInfo()
	if !ok {
		return "unknown"
	}
	if v := build.Main.Version; v != "" && v != "(devel)" {
		return v
	}
	settings := make(map[string]string)
	for _, s := range build.Settings {
		settings[s.Key] = s.Value
	}
	revision := settings["vcs.revision"]
	if revision == "" {
		return "unreleased"
	}
	if settings["vcs.modified"] == "true" {
		revision += " with changes"
	}
	return revision
}
