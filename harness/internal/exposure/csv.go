package exposure

import (
	"encoding/csv"
	"io"
	"strconv"
	"strings"
	"time"
)

// columns is the header of exposure.csv; the package's documentation explains
// each.
var columns = [...]string{"id", "certainty", "evidence", "level", "path", "recipient", "recipient_kind", "subject", "recording",
	"first_at", "last_at", "times", "bytes", "bytes_total", "size", "rules", "steps", "request_ids", "traceparents"}

// CSV writes a row for each exposure behind a header, as RFC 4180 has it.
func (p *Pack) CSV(w io.Writer) error {
	out := csv.NewWriter(w)
	out.UseCRLF = true
	if err := out.Write(columns[:]); err != nil {
		return err
	}
	for i := range p.Exposures {
		if err := out.Write(p.Exposures[i].row()); err != nil {
			return err
		}
	}
	out.Flush()
	return out.Error()
}

func (x *Exposure) row() []string {
	number := func(n int64) string { return strconv.FormatInt(n, 10) }
	row := []string{x.ID, string(x.Certainty), x.Evidence.String(), x.Level.String(), string(x.Path), x.Recipient, string(x.RecipientKind),
		x.Subject, x.Recording, x.First.Format(time.RFC3339Nano), x.Last.Format(time.RFC3339Nano), number(int64(x.Times)), number(x.Bytes),
		number(x.BytesTotal), number(x.Size), strings.Join(x.Rules, " "), strings.Join(x.Steps, " "), strings.Join(x.RequestIDs, " "),
		strings.Join(x.Traceparents, " ")}
	for i := range row {
		row[i] = plain(row[i])
	}
	return row
}

// plain is a cell that no spreadsheet takes for a formula: one that begins like
// one has an apostrophe in front (https://owasp.org/www-community/attacks/CSV_Injection).
func plain(cell string) string {
	if cell != "" && strings.ContainsRune("=+-@\t\r\n", rune(cell[0])) {
		return "'" + cell
	}
	return cell
}
