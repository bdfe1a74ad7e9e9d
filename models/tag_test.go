package models

import (
	"bytes"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

// concat is the media of several moments, one behind the other.
func concat(tags ...Tag) []byte {
	var out []byte
	for _, tag := range tags {
		out = append(out, tag.Media()...)
	}
	return out
}

func TestMediaIsAFunctionOfItsTag(t *testing.T) {
	for _, tag := range []Tag{{"w", "b", 1}, {"w1", "b12", 40}, {"abcdefghij12", "b1234567", 99999}} {
		require.Len(t, tag.Media(), MediaSize)
		require.Equal(t, tag.Media(), tag.Media())
		pieces, stray := ReadMedia(tag.Media())
		require.Equal(t, []Piece{{tag, 0, MediaSize}}, pieces, "the longest names fit, too")
		require.Zero(t, stray)
	}
}

func TestEveryRangeOf64BytesOrMoreNamesItsOwners(t *testing.T) {
	tags := []Tag{{"w1", "b1", 3}, {"w1", "b2", 14}, {"w2", "b1", 3}}
	body := concat(tags...)
	for from := range body {
		for to := from + 2*cellSize; to <= len(body); to++ {
			pieces, stray := ReadMedia(body[from:to])
			if stray != 0 || len(pieces) == 0 {
				require.Failf(t, "bytes without an owner", "%d to %d: %v, %d stray", from, to, pieces, stray)
			}
			at := int(roundUp(int64(from), cellSize))
			for _, p := range pieces {
				if p.Tag != tags[at/MediaSize] || p.From != at%MediaSize {
					require.Failf(t, "another owner", "%d to %d: %v", from, to, pieces)
				}
				at += p.To - p.From
			}
			if at != to/cellSize*cellSize {
				require.Failf(t, "bytes left out", "%d to %d: %v", from, to, pieces)
			}
		}
	}
}

func TestReadMedia(t *testing.T) {
	a, b := Tag{"w1", "b1", 3}, Tag{"w1", "b2", 14}
	am, bm := a.Media(), b.Media()
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	noise := bytes.Repeat([]byte{0xff}, 100)
	for _, test := range []struct {
		name   string
		body   []byte
		pieces []Piece
		stray  int
	}{
		{"nothing", nil, nil, 0},
		{"one moment", am, []Piece{{a, 0, 256}}, 0},
		{"two moments of two owners", join(am, bm), []Piece{{a, 0, 256}, {b, 0, 256}}, 0},
		{"the same moment twice", join(am, am), []Piece{{a, 0, 256}, {a, 0, 256}}, 0},
		{"two owners in turns, cell by cell", join(am[:64], bm[64:128], am[128:160], bm[160:]),
			[]Piece{{a, 0, 64}, {b, 64, 128}, {a, 128, 160}, {b, 160, 256}}, 0},
		{"two owners in turns, in the midst of a cell", join(am[:70], bm), []Piece{{a, 0, 64}, {b, 0, 256}}, 6},
		{"cells out of order", join(am[128:], am[:128]), []Piece{{a, 128, 256}, {a, 0, 128}}, 0},
		{"cut off at the end", am[:250], []Piece{{a, 0, 224}}, 0},
		{"cut off at the beginning", am[6:], []Piece{{a, 32, 256}}, 0},
		{"cut off at both ends", am[31:225], []Piece{{a, 32, 224}}, 0},
		{"noise alone", noise, nil, 100},
		{"noise shorter than a cell, alone", noise[:5], nil, 5},
		{"a range without a whole cell", am[10:50], nil, 40},
		{"noise behind", join(am, noise), []Piece{{a, 0, 256}}, 100},
		{"noise before", join(noise, am), []Piece{{a, 0, 256}}, 100},
		{"noise between, however short", join(am, noise[:1], bm), []Piece{{a, 0, 256}, {b, 0, 256}}, 1},
		{"noise at the end that could be the rest of a cell", join(am, noise[:31]), []Piece{{a, 0, 256}}, 0},
		{"noise between the cells of one moment", join(am[:64], noise[:1], am[64:]), []Piece{{a, 0, 64}, {a, 64, 256}}, 1},
		{"one byte of the last cell changed", join(am[:255], []byte("!")), []Piece{{a, 0, 224}}, 32},
		{"one byte of the first cell changed", join([]byte("!"), am[1:]), []Piece{{a, 32, 256}}, 32},
		{"the padding of a cell changed", join(am[:60], []byte("x"), am[61:]), []Piece{{a, 0, 32}, {a, 64, 256}}, 32},
		{"a number written in another way", bytes.Replace(am, []byte("-3-1."), []byte("-03-1"), 1), []Piece{{a, 0, 32}, {a, 64, 256}}, 32},
		{"a number with a sign", bytes.Replace(am, []byte("-3-1."), []byte("-+3-1"), 1), []Piece{{a, 0, 32}, {a, 64, 256}}, 32},
		{"a cell with a number that no cell has", bytes.Replace(am, []byte("-3-7"), []byte("-3-8"), 1), []Piece{{a, 0, 224}}, 32},
		{"prefixes without cells", bytes.Repeat([]byte(tagPrefix), 50), nil, 150},
	} {
		t.Run(test.name, func(t *testing.T) {
			pieces, stray := ReadMedia(test.body)
			require.Equal(t, test.pieces, pieces)
			require.Equal(t, test.stray, stray)
		})
	}
}

func TestFindTag(t *testing.T) {
	title := Tag{World: "w1", Booking: "b2"}
	for _, test := range []struct {
		name, text string
		want       Tag
	}{
		{"a title alone", title.Title(), title},
		{"a title among words", "Replay of " + title.Title() + ", 9 June", title},
		{"a title in HTML", `<li class="list-item"><a href="/r/7">` + title.Title() + `</a></li>`, title},
		{"a title in an attribute of HTML", `<img alt='` + title.Title() + `'>`, title},
		{"a title in JSON", `{"reason":{"text":"` + title.Title() + `"}}`, title},
		{"a title behind an escaped line end in JSON", `{"text":"Notes:\n` + title.Title() + `\n"}`, title},
		{"a title in a query", "q=%22" + title.Title() + "%22", title},
		{"a title behind another prefix", tagPrefix + "-" + title.Title(), title},
		{"a title behind a prefix whose world is too long", tagPrefix + "abcdefghijklm-b9 " + title.Title(), title},
		{"the first of two titles", title.Title() + " " + Tag{World: "w9", Booking: "b9"}.Title(), title},
		{"a piece of media", string(Tag{"w1", "b2", 7}.Media()), title},
		{"a title of another world", Tag{World: "zz9", Booking: "b1"}.Title(), Tag{World: "zz9", Booking: "b1"}},
		{"a title without a booking", tagPrefix + "w1-", Tag{}},
		{"a title without a world", tagPrefix + "-b2", Tag{}},
		{"a title cut off within the world", tagPrefix + "w1", Tag{}},
		{"words of the trade that end like a tag begins", "CT-scan-report, ct-scan-report, text-align-center, direct-to-consumer", Tag{}},
		{"a title in capitals", strings.ToUpper(title.Title()), Tag{}},
		{"nothing", "", Tag{}},
	} {
		t.Run(test.name, func(t *testing.T) {
			got, ok := FindTag(test.text)
			require.Equal(t, test.want, got)
			require.Equal(t, test.want != Tag{}, ok)
		})
	}
}

func FuzzReadMedia(f *testing.F) {
	f.Add(concat(Tag{"w1", "b1", 3}, Tag{"w2", "b2", 99999})[10:400])
	f.Add([]byte("xk-xk-w1-b1-3-0................."))
	f.Add([]byte(nil))
	f.Fuzz(func(t *testing.T, body []byte) {
		pieces, stray := ReadMedia(body)
		sum := stray
		for _, p := range pieces {
			require.True(t, 0 <= p.From && p.From < p.To && p.To <= MediaSize, p)
			require.Contains(t, string(body), string(p.Tag.Media()[p.From:p.To]), "a piece is what was spoken")
			sum += p.To - p.From
		}
		require.True(t, 0 <= stray && sum <= len(body), "%d of %d", sum, len(body))
		require.Less(t, len(body)-sum, 2*cellSize, "what is not told is at the edges")
	})
}

func FuzzFindTag(f *testing.F) {
	f.Add("<b>" + Tag{World: "w1", Booking: "b2"}.Title() + "</b>")
	f.Add("xk-xk-xk--")
	f.Fuzz(func(t *testing.T, text string) {
		tag, ok := FindTag(text)
		if !ok {
			require.Equal(t, Tag{}, tag)
			return
		}
		require.Contains(t, text, tag.Title())
		again, ok := FindTag(tag.Title())
		require.True(t, ok)
		require.Equal(t, tag, again)
	})
}
