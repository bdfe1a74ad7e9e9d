package evidence

import "io/fs"

// The files of a run's directory, which [Files] describes.
const (
	ResultsFile       = "results.json"
	HistoryFile       = "history.jsonl"
	FoundTrace        = "found.trace"
	MinimalTrace      = "minimal.trace"
	MinimalHAR        = "minimal.har"
	MinimalLog        = "minimal.log"
	ReproScript       = "repro.sh"
	ReproTest         = "repro_test.go"
	HTMLFile          = "report.html"
	JUnitFile         = "junit.xml"
	SARIFFile         = "results.sarif"
	SummaryFile       = "summary.md"
	StatementFile     = "statement.md"
	StatementJSONFile = "statement.json"
	ExposureCSV       = "exposure.csv"
	ExposureJSON      = "exposure.json"
	Article33         = "article-33.md"

	// LogsDir holds the logs of containers.
	LogsDir = "logs"
)

// File says of a file of a run's directory what is in it and who reads it.
type File struct {
	Name string
	What string
	For  string // the audience
	// Private says that the service's own answers are in it, or persons can be
	// told from it: it is for those who may see the service's data, and readable
	// by its owner alone.
	Private bool
}

// Files are the files of a run's directory. Besides those named there is a
// minimal-N.trace for each further rule that is broken.
func Files() []File {
	return []File{
		{ResultsFile, "everything that was found, with the answers to each step", "programs", true},
		{HistoryFile, "every operation with its answer, as it happened", "crosstalk, to judge the run again", true},
		{FoundTrace, "the trace that first broke a rule", "engineers", false},
		{MinimalTrace, "the shortest trace that does", "engineers, to replay", false},
		{MinimalHAR, "the requests of that trace and their answers", "engineers", true},
		{MinimalLog, "what the service logged meanwhile", "engineers", true},
		{ReproScript, "the same requests as a shell script", "engineers without crosstalk", false},
		{ReproTest, "the same requests as a Go test", "engineers without crosstalk", false},
		{HTMLFile, "the run in a browser, with its requests and answers", "engineers", true},
		{JUnitFile, "a test case for each rule", "CI servers", false},
		{SARIFFile, "the violations", "code scanning", false},
		{SummaryFile, "the result in short", "the page of a CI job", false},
		{StatementFile, "what was tested, with which result", "whoever relies on the service", false},
		{StatementJSONFile, "the same", "programs", false},
		{ExposureCSV, "who was shown what of whom", "the data-protection officer", true},
		{ExposureJSON, "the same", "programs", true},
		{Article33, "a draft of the notification to a supervisory authority", "the data-protection officer", true},
	}
}

// The rights of files, of which the umask takes away.
const (
	openRights    fs.FileMode = 0o666
	privateRights fs.FileMode = 0o600
)

// RightsOf are the rights with which a file of a run's directory is made, before
// the umask: those of a private file are its owner's.
func RightsOf(name string) fs.FileMode {
	for _, f := range Files() {
		if f.Name == name && f.Private {
			return privateRights
		}
	}
	return openRights
}
