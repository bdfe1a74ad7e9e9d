package evidence

// The files that tell who was exposed, and what the service logged while the
// minimal trace was recorded.
const (
	ExposureCSV  = "exposure.csv"
	ExposureJSON = "exposure.json"
	Article33    = "article-33.md"
	MinimalLog   = "minimal.log"
)

// HTMLFile is the report for a browser, in one file.
const HTMLFile = "report.html"

// MinimalHAR is the file with the exchanges of the minimal trace.
const MinimalHAR = "minimal.har"

// The files that repeat a minimal trace without crosstalk.
const (
	ReproScript = "repro.sh"
	ReproTest   = "repro_test.go"
)

// The files of a run's directory.
const (
	ResultsFile  = "results.json"
	JUnitFile    = "junit.xml"
	FoundTrace   = "found.trace"
	MinimalTrace = "minimal.trace"
	HistoryFile  = "history.jsonl"
	LogsDir      = "logs"

	StatementFile     = "statement.md"
	StatementJSONFile = "statement.json"
)

// SARIFFile has the violations for code scanning.
const SARIFFile = "results.sarif"

// SummaryFile has the result for the page of a CI job.
const SummaryFile = "summary.md"
