package main

import (
	"fmt"
	"net/http"
	"slices"
	"strconv"
	"time"
)

// recording is a part of a visit in one medium.
type recording struct {
	no          int
	appointment *appointment
	medium      string
	part        int
	media       []byte
}

func (r *recording) fields() fields {
	return fields{"no": r.no, "medium": r.medium, "part": r.part, "bytes": len(r.media), "media": fmt.Sprintf("/v3/recordings/%d/media", r.no)}
}

// delay is how long after a visit its recordings are there.
const delay = 300 * time.Millisecond

func (p *practice) visible(r *recording) bool {
	return r.appointment.phase == done && time.Since(r.appointment.over) >= delay
}

// mine are the recordings to be listed to somebody, by number.
func (p *practice) mine(who *person) []*recording {
	var out []*recording
	for _, r := range p.recordings {
		if (r.appointment.takesPart(who) || who.seesAll) && p.visible(r) {
			out = append(out, r)
		}
	}
	slices.SortFunc(out, func(a, b *recording) int { return a.no - b.no })
	return out
}

// perPage is how many recordings a page has where nothing else is asked for.
const perPage = 20

// visits lists recordings below the visits that they are of. A page begins after
// a recording.
func (p *practice) visits(r *request) any {
	size, err := strconv.Atoi(r.FormValue("per_page"))
	if err != nil || size < 1 {
		size = perPage
	}
	after, _ := strconv.Atoi(r.FormValue("after"))
	all := slices.DeleteFunc(p.mine(r.person), func(rec *recording) bool { return rec.no <= after })
	var next any
	if len(all) > size {
		all = all[:size]
		next = fmt.Sprintf("/v3/visits?per_page=%d&after=%d", size, all[size-1].no)
	}
	return fields{"visits": byVisit(all), "next_url": next}
}

func byVisit(all []*recording) []fields {
	out := []fields{}
	for i := 0; i < len(all); {
		a := all[i].appointment
		var parts []fields
		for ; i < len(all) && all[i].appointment == a; i++ {
			parts = append(parts, all[i].fields())
		}
		out = append(out, fields{"no": a.no, "note": a.note, "member": a.patient.no, "recordings": parts})
	}
	return out
}

func (p *practice) show(r *request) any {
	a := r.recording.appointment
	return fields{"recording": r.recording.fields(), "visit": fields{"no": a.no, "note": a.note, "member": a.patient.no}}
}

func (p *practice) play(r *request) any { return media(r.recording.media) }

func (p *practice) remove(r *request) any {
	if r.person != r.recording.appointment.patient {
		return refusal{http.StatusForbidden, "only the patient deletes a recording"}
	}
	delete(p.recordings, r.recording.no)
	return nil
}
