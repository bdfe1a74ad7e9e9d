package viewer

import (
	"cmp"
	"fmt"
	"slices"
	"strings"

	"github.com/telehealth-conformance/crosstalk/harness/internal/wording"
	"github.com/telehealth-conformance/crosstalk/models"
)

// found is where in an answer that is seen which was exposed: a row, or bytes.
func (v viewing) found(x models.Exposure, got *models.Response) []Evidence {
	var out []Evidence
	rows := rowsOf(got)
	for i, row := range rows {
		if v.isOf(x, row.Recording, row.Tag) && row.Tag.World != "" {
			where := fmt.Sprintf("row %d of %d", i+1, len(rows))
			if row.Page > 0 && got.Listing != nil && got.Listing.Pages > 1 {
				where += fmt.Sprintf(", on page %d of %d", row.Page, got.Listing.Pages)
			}
			out = append(out, Evidence{Where: "The tag stands in " + where, Text: rowText(row), Mark: row.Tag.Title(), Says: v.says(x, row.Tag)})
		}
	}
	if got.Content == nil {
		return out
	}
	for _, p := range got.Content.Pieces {
		if v.isOf(x, "", p.Tag) {
			media := p.Tag.Media()[max(0, p.From):min(models.MediaSize, p.To)]
			out = append(out, Evidence{Where: "The tag stands in " + wording.Count(len(media), "byte") + " of media that were delivered",
				Text: inLines(media), Mark: p.Tag.Title(), Says: v.says(x, p.Tag)})
		}
	}
	return out
}

// inLines sets media out in lines of a tag each.
func inLines(media []byte) string {
	const width = 32
	var lines []string
	for part := range slices.Chunk(media, width) {
		lines = append(lines, string(part))
	}
	return strings.Join(lines, "\n")
}

// isOf reports whether a handle or a tag is that of an exposed recording.
func (v viewing) isOf(x models.Exposure, h models.Handle, t models.Tag) bool {
	if h != "" && h == x.Recording {
		return true
	}
	world := cmp.Or(x.World, v.History.World)
	return t.World == world && (x.Recording == "" || t.Booking == x.Recording.Booking()) && (h == "" || x.World != "")
}

// rowText is a row as the adapter read it, a part on each line.
func rowText(r models.Row) string {
	var b strings.Builder
	for _, part := range [][2]string{{"title", r.Tag.Title()}, {"id", r.ID}, {"patient", string(r.Subject)}, {"mode", string(r.Mode)},
		{"segment", number(r.Segment)}, {"bytes", number(int(r.Size))}} {
		if part[1] != "" {
			fmt.Fprintf(&b, "%-9s%s\n", part[0], part[1])
		}
	}
	return strings.TrimRight(b.String(), "\n")
}

// says is how the tag tells whose it is.
func (v viewing) says(x models.Exposure, t models.Tag) string {
	if x.World != "" {
		return fmt.Sprintf("%s was put into booking %s of another test, which belongs to %s.", t.Title(), t.Booking, v.Owner(x))
	}
	said := ""
	if t.Moment > 0 {
		said = fmt.Sprintf(", and spoken at step %d", t.Moment)
	}
	return fmt.Sprintf("%s was put into booking %s%s: it is %s's, and nobody has given %s a right to it.", t.Title(), t.Booking, said, v.Owner(x), x.Viewer)
}
