package models

// Path is the way by which something was shown. It is part of a violation's
// [Signature].
type Path string

// The paths.
const (
	PathList      Path = "list"  // the first page of a listing
	PathPage      Path = "page"  // a later page
	PathCount     Path = "count" // a total
	PathGet       Path = "get"   // metadata
	PathHead      Path = "head"  // headers of the content
	PathContent   Path = "content"
	PathThumb     Path = "thumb"
	PathScript    Path = "transcript"
	PathLink      Path = "link"   // making or opening a playback link
	PathExport    Path = "export" // a data export
	PathInbox     Path = "inbox"  // a notification
	PathAudit     Path = "audit"  // the audit trail
	PathRecording Path = "recording"
	PathEncounter Path = "encounter"
	PathBooking   Path = "booking"
	PathUser      Path = "user"
)

// pathRow is what is known of a path.
type pathRow struct {
	path Path
	// evidence says how something was shown, behind what was: "in a listing".
	evidence string
	// name is what the path is called: "listing of recordings".
	name string
	// cells says that coverage counts cells for it.
	cells bool
	// rows says that rows of a listing are shown by it.
	rows bool
	// carries says what content is that comes by it.
	carries carriage
}

// carriage is what the content is that a path carries.
type carriage uint8

const (
	media    carriage = iota // the media itself, or nothing
	archived                 // all media of several recordings in one piece
	derived                  // something made of it
	headers                  // its headers alone
)

// paths is the table of paths, in the order of reports.
var paths = []pathRow{
	{path: PathList, evidence: "in a listing", name: "listing of recordings", cells: true, rows: true},
	{path: PathPage, evidence: "on a later page of a listing", name: "later page of a listing", cells: true, rows: true},
	{path: PathCount, evidence: "by the total of a listing", name: "total of a listing", cells: true},
	{path: PathGet, evidence: "by get", name: "metadata of a recording", cells: true},
	{path: PathHead, evidence: "by head", name: "headers of a recording (HEAD)", cells: true, carries: headers},
	{path: PathContent, evidence: "by play", name: "playing a recording", cells: true},
	{path: PathThumb, evidence: "by its thumbnail", name: "thumbnail", cells: true, carries: derived},
	{path: PathScript, evidence: "by its transcript", name: "transcript", cells: true, carries: derived},
	{path: PathLink, evidence: "by a playback link", name: "playback link", cells: true},
	{path: PathExport, evidence: "in a data export", name: "data export", rows: true, carries: archived},
	{path: PathInbox, evidence: "in a notification", name: "notification", rows: true},
	{path: PathAudit, evidence: "in an audit trail", name: "audit trail", rows: true},
	{path: PathRecording, evidence: "by acting on the recording", name: "deleting or sharing a recording"},
	{path: PathEncounter, evidence: "by acting in the consultation", name: "taking part in a consultation"},
	{path: PathBooking, evidence: "by acting on the booking", name: "changing a booking"},
	{path: PathUser, evidence: "by acting on the account", name: "an account or its token"},
}

// Paths lists every path, in the order of reports.
func Paths() []Path {
	out := make([]Path, len(paths))
	for i := range paths {
		out[i] = paths[i].path
	}
	return out
}

// row is the path's row in the table. A path that is not in it is called by its
// own name.
func (p Path) row() pathRow {
	for i := range paths {
		if paths[i].path == p {
			return paths[i]
		}
	}
	return pathRow{path: p, evidence: "by " + string(p), name: string(p)}
}

// Evidence says how something was shown, behind what was: "in a listing".
func (p Path) Evidence() string { return p.row().evidence }

// Name is what the path is called in a sentence: "listing of recordings".
func (p Path) Name() string { return p.row().name }

// InCells reports whether coverage counts cells for the path.
func (p Path) InCells() bool { return p.row().cells }

// Derived reports whether what comes by the path is made of a recording, and in a
// form of the service's own.
func (p Path) Derived() bool { return p.row().carries == derived }

// level is that of an exposure by tags in content that came by the path.
func (p Path) level() Level {
	switch p.row().carries {
	case derived:
		return Previewed
	case archived:
		return Obtained
	}
	return Viewed
}
