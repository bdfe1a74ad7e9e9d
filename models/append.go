package models

import (
	"encoding/json"
	"strconv"
)

// AppendJSON appends the response as encoding/json writes it, without
// reflection: a history writes one for every operation.
func (r *Response) AppendJSON(b []byte) []byte {
	b = appendText(append(b, `{"outcome":`...), string(r.Outcome))
	b = appendInt(b, `,"status":`, int64(r.Status))
	if e := r.Encounter; e != nil {
		b = e.appendJSON(append(b, `,"encounter":`...))
	}
	if l := r.Listing; l != nil {
		b = l.appendJSON(append(b, `,"listing":`...))
	}
	if r.Row != nil {
		b = r.Row.appendJSON(append(b, `,"row":`...))
	}
	if c := r.Content; c != nil {
		b = c.appendJSON(append(b, `,"content":`...))
	}
	if len(r.Audit) > 0 {
		b = appendAudit(append(b, `,"audit":[`...), r.Audit)
	}
	b = r.Caching.appendMembers(b)
	b = appendOptional(b, `,"reason":`, r.Reason)
	b = appendInt(b, `,"requests":`, int64(r.Requests))
	b = appendInt(b, `,"renewed":`, int64(r.Renewed))
	if len(r.Exchanges) > 0 {
		b = appendExchanges(append(b, `,"exchanges":[`...), r.Exchanges)
	}
	b = appendOptional(b, `,"detail":`, r.Detail)
	return append(b, '}')
}

// appendMembers appends what is told of caches, as members of the response.
func (c *Caching) appendMembers(b []byte) []byte {
	b = appendOptional(b, `,"authentication":`, string(c.Authentication))
	b = appendOptional(b, `,"cacheControl":`, c.CacheControl)
	h := c.Caches
	if h == nil {
		return b
	}
	b = append(b, `,"caches":`...)
	start := len(b)
	b = appendOptional(b, `,"cdnCacheControl":`, h.CDNCacheControl)
	b = appendOptional(b, `,"cacheStatus":`, h.CacheStatus)
	b = appendOptional(b, `,"age":`, h.Age)
	b = appendOptional(b, `,"vary":`, h.Vary)
	b = appendOptional(b, `,"expiresAfter":`, h.ExpiresAfter)
	return closeObject(b, start)
}

// appendExchanges appends exchanges and closes their array.
func appendExchanges(b []byte, all []Exchange) []byte {
	for i := range all {
		e := &all[i]
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(append(b, `{"id":`...), e.ID)
		b = appendText(append(b, `,"traceparent":`...), e.Traceparent)
		b = appendText(append(b, `,"method":`...), e.Method)
		b = appendText(append(b, `,"path":`...), e.Path)
		b = append(appendInt(b, `,"status":`, int64(e.Status)), '}')
	}
	return append(b, ']')
}

func (e *Encounter) appendJSON(b []byte) []byte {
	start := len(b)
	b = appendOptional(b, `,"status":`, string(e.Status))
	b = appendOptional(b, `,"mode":`, string(e.Mode))
	b = appendInt(b, `,"segment":`, int64(e.Segment))
	return closeObject(b, start)
}

func (l *Listing) appendJSON(b []byte) []byte {
	if l.Rows == nil {
		b = append(b, `{"rows":null`...)
	} else {
		b = append(b, `{"rows":[`...)
		for i := range l.Rows {
			if i > 0 {
				b = append(b, ',')
			}
			b = l.Rows[i].appendJSON(b)
		}
		b = append(b, ']')
	}
	b = appendInt(b, `,"pages":`, int64(l.Pages))
	if l.Truncated {
		b = append(b, `,"truncated":true`...)
	}
	if l.More {
		b = append(b, `,"more":true`...)
	}
	if l.Total != nil {
		b = strconv.AppendInt(append(b, `,"total":`...), int64(*l.Total), 10)
	}
	return append(b, '}')
}

// appendAudit appends the entries of a trail and closes their array.
func appendAudit(b []byte, trail []Access) []byte {
	for i, a := range trail {
		if i > 0 {
			b = append(b, ',')
		}
		b = appendText(append(b, `{"who":`...), string(a.Who))
		b = appendText(append(b, `,"whose":`...), string(a.Whose))
		b = appendOptional(b, `,"recording":`, string(a.Recording))
		b = append(appendText(append(b, `,"level":`...), a.Level.String()), '}')
	}
	return append(b, ']')
}

func (r *Row) appendJSON(b []byte) []byte {
	start := len(b)
	b = appendOptional(b, `,"id":`, r.ID)
	b = appendOptional(b, `,"recording":`, string(r.Recording))
	b = r.Tag.appendJSON(append(b, `,"tag":`...))
	b = appendOptional(b, `,"subject":`, string(r.Subject))
	b = appendOptional(b, `,"mode":`, string(r.Mode))
	b = appendInt(b, `,"segment":`, int64(r.Segment))
	b = appendInt(b, `,"size":`, r.Size)
	b = appendInt(b, `,"page":`, int64(r.Page))
	return closeObject(b, start)
}

func (t Tag) appendJSON(b []byte) []byte {
	b = appendText(append(b, `{"world":`...), string(t.World))
	b = appendText(append(b, `,"booking":`...), string(t.Booking))
	b = appendInt(b, `,"moment":`, int64(t.Moment))
	return append(b, '}')
}

func (c *Content) appendJSON(b []byte) []byte {
	start := len(b)
	b = appendInt(b, `,"from":`, c.From)
	b = strconv.AppendInt(append(b, `,"length":`...), c.Length, 10)
	b = strconv.AppendInt(append(b, `,"total":`...), c.Total, 10)
	if len(c.Pieces) > 0 {
		b = append(b, `,"pieces":[`...)
		for i, p := range c.Pieces {
			if i > 0 {
				b = append(b, ',')
			}
			b = p.Tag.appendJSON(append(b, `{"tag":`...))
			b = strconv.AppendInt(append(b, `,"from":`...), int64(p.From), 10)
			b = strconv.AppendInt(append(b, `,"to":`...), int64(p.To), 10)
			b = append(b, '}')
		}
		b = append(b, ']')
	}
	b = appendInt(b, `,"stray":`, int64(c.Stray))
	return closeObject(b, start)
}

// closeObject makes an object of the members from start on, each of which
// begins with a comma.
func closeObject(b []byte, start int) []byte {
	if len(b) == start {
		return append(b, '{', '}')
	}
	b[start] = '{'
	return append(b, '}')
}

// appendInt appends a member that is left out where it is 0.
func appendInt(b []byte, key string, n int64) []byte {
	if n == 0 {
		return b
	}
	return strconv.AppendInt(append(b, key...), n, 10)
}

// appendOptional appends a member that is left out where it is empty.
func appendOptional(b []byte, key, s string) []byte {
	if s == "" {
		return b
	}
	return appendText(append(b, key...), s)
}

// appendText appends a string as JSON. Plain ASCII needs no escapes; anything
// else is left to encoding/json.
func appendText(b []byte, s string) []byte {
	for i := range len(s) {
		if c := s[i]; c < ' ' || c > '~' || c == '"' || c == '\\' || c == '<' || c == '>' || c == '&' {
			escaped, err := json.Marshal(s)
			if err != nil {
				panic(err) // a string cannot fail to be written
			}
			return append(b, escaped...)
		}
	}
	b = append(b, '"')
	b = append(b, s...)
	return append(b, '"')
}
