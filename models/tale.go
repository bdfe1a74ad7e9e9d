package models

import (
	"fmt"
	"strings"
)

// tales say in words what each kind of operation does. A name in braces stands
// for the actor, what the operation defines, or an argument; what stands in
// brackets is left out where a name in it has no value.
var tales = map[Kind]string{
	KindPatient:    "{defines} registers as a patient[, aged {age}][, insured by {plan}][, with {email}'s e-mail address][, with {like}'s name and birth date]",
	KindClinician:  "{defines} is registered as a clinician",
	KindLogin:      "{actor} logs in",
	KindLogout:     "{actor} logs out",
	KindClose:      "{actor} closes the account",
	KindBook:       "{actor} books a consultation by {mode} with {clinician}[, together with {with}] ({defines}, slot {slot})",
	KindReschedule: "{actor} moves {booking} to slot {slot}",
	KindCancel:     "{actor} cancels {booking}",
	KindJoin:       "{actor} joins the consultation {booking}",
	KindDrop:       "{actor} loses the connection to {booking}",
	KindSpeak:      "{actor} speaks in {booking}",
	KindSwitch:     "{actor} switches {booking} to {mode}",
	KindLeave:      "{actor} leaves {booking}",
	KindEnd:        "{actor} ends {booking} for everybody",
	KindList:       "{actor} opens the Consultation Replays[, {limit} on a page][, {mode} only]",
	KindPage:       "{actor} opens the first page of the Consultation Replays, {limit} on a page ({defines})",
	KindFollow:     "{actor} follows the cursor {cursor} to the next page",
	KindGet:        "{actor} looks at the details of {recording}",
	KindPlay:       "{actor} plays {recording}[, bytes {range}]",
	KindHead:       "{actor} asks for the size of {recording}",
	KindThumb:      "{actor} looks at the thumbnail of {recording}",
	KindTranscript: "{actor} reads the transcript of {recording}",
	KindLink:       "{actor} makes a playback link to {recording} ({defines})",
	KindOpen:       "{actor} opens the playback link {link}",
	KindShare:      "{actor} shares {recording} with {peer}",
	KindUnshare:    "{actor} no longer shares {recording} with {peer}",
	KindAppoint:    "{actor} appoints {peer} as proxy",
	KindDismiss:    "{actor} dismisses the proxy {peer}",
	KindDelete:     "{actor} deletes {recording}",
	KindExport:     "{actor} exports all data",
	KindInbox:      "{actor} reads the notifications",
	KindAudit:      "{actor} reads the audit trail",
	KindReplays:    "the operator switches replays {on}",
	KindRestart:    "the service is restarted",
}

// Tell says in words what an operation does: "alice switches b2 to video".
func Tell(op Operation) string {
	tale, ok := tales[op.Kind()]
	if !ok {
		return op.String()
	}
	values := taleValues(op)
	var b strings.Builder
	for tale != "" {
		before, rest, found := strings.Cut(tale, "[")
		b.WriteString(fill(before, values))
		if !found {
			break
		}
		optional, after, _ := strings.Cut(rest, "]")
		if told := fill(optional, values); !strings.Contains(told, "{") {
			b.WriteString(told)
		}
		tale = after
	}
	return b.String()
}

// taleValues are the names that a tale may use, as pairs.
func taleValues(op Operation) []string {
	actor := op.Actor()
	if actor == Anyone {
		actor = "somebody without a login"
	}
	out := []string{"{actor}", string(actor), "{defines}", string(op.Defines())}
	for _, a := range op.Arguments() {
		value := fmt.Sprint(a.Value)
		switch v := a.Value.(type) {
		case bool:
			value = map[bool]string{true: "on", false: "off"}[v]
		case Handle:
			if v.Phantom() {
				value = "a recording that never existed"
			}
		}
		out = append(out, "{"+a.Name+"}", value)
	}
	return out
}

func fill(text string, values []string) string { return strings.NewReplacer(values...).Replace(text) }
