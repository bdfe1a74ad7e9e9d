package models

// Level grades how far one patient's recording was exposed to somebody else.
// Incidents are counted that way: in the incident of 9 June 2020 one patient
// viewed the beginning of a recording, and two more were presented with
// recordings that they did not open.
type Level uint8

// The levels, from the least to the most.
const (
	NotExposed Level = iota
	Inferred         // existence or count can be told
	Presented        // id, title, time or clinician in a list, count or notification
	Previewed        // thumbnail, duration, transcript snippet, metadata
	Viewed           // at least one byte of media
	Obtained         // the whole object, or a reusable link to it
	Controlled       // something of another's was deleted, shared, switched or joined
)

// levelNames are indexed by Level.
var levelNames = [...]string{"none", "inferred", "presented", "previewed", "viewed", "obtained", "controlled"}

// String returns the level's name.
func (l Level) String() string {
	if int(l) < len(levelNames) {
		return levelNames[l]
	}
	return "unknown"
}

// MarshalText returns the level's name.
func (l Level) MarshalText() ([]byte, error) { return []byte(l.String()), nil }

// UnmarshalText reads a level's name.
func (l *Level) UnmarshalText(text []byte) error {
	for i, name := range levelNames {
		if name == string(text) {
			*l = Level(i)
			return nil
		}
	}
	return &NameError{What: "exposure level", Name: string(text)}
}

// NameError says that a name is none of a closed set.
type NameError struct {
	What, Name string
}

// Error returns "unknown WHAT "NAME"".
func (e *NameError) Error() string { return "unknown " + e.What + " \"" + e.Name + "\"" }

// Exposure is one recording, or one consultation, of one patient, shown to
// somebody else.
type Exposure struct {
	Viewer Handle `json:"viewer"`
	// Owner is the patient whose recording it is. It is empty where the owner is
	// of another world; then World says which.
	Owner Handle `json:"owner,omitempty"`
	// World is the namespace of the owner, empty for the world of the trace.
	World Namespace `json:"world,omitempty"`
	// Recording is the handle of the recording, or of the booking where no
	// recording is known.
	Recording Handle `json:"recording"`
	Level     Level  `json:"level"`
	Path      Path   `json:"path"`
	// Bytes of Of bytes of media were delivered.
	Bytes int64 `json:"bytes,omitempty"`
	Of    int64 `json:"of,omitempty"`
}
