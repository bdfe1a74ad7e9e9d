package mapping

import (
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/telehealth-conformance/crosstalk/models"
)

// The roles that templates name.
const (
	roleActor        = "actor"
	rolePatient      = "patient"
	roleClinician    = "clinician"
	roleGuest        = "guest"
	rolePeer         = "peer"
	roleBooking      = "booking"
	roleRecording    = "recording"
	roleLink         = "link"
	rolePage         = "page"
	roleOperator     = "operator"
	roleSegment      = "segment"
	roleConsultation = "consultation"
)

// What templates can name of each role without any capture.
var (
	userBuiltins    = []string{"name", "email", "password", "birth_date", "age", "plan", "handle"}
	bookingBuiltins = []string{"title", "mode", "slot", "handle"}
	builtins        = map[string][]string{
		roleActor: userBuiltins, rolePatient: userBuiltins, roleClinician: {"name", "email", "password", "handle"},
		roleGuest: userBuiltins, rolePeer: userBuiltins, roleBooking: bookingBuiltins, roleRecording: {"id", "handle"},
		roleLink: {"handle"}, rolePage: {"cursor", "handle"}, roleOperator: {},
		roleSegment: {"media", "number", "mode"}, roleConsultation: {"media", "last"},
	}
)

// ref is a name in a template: of a role, or at the top where role is empty.
type ref struct{ role, name string }

func (r ref) String() string {
	if r.role == "" {
		return "." + r.name
	}
	return "." + r.role + "." + r.name
}

// form says what can be known of a kind of operation before any is performed. It
// is read from what models says of the kind, so that a new kind has one.
type form struct {
	kind models.Kind
	// defines says that the operation brings the bound role into being.
	defines bool
	// bound is the role to which captures are bound.
	bound string
	// roles are those that templates can name.
	roles []string
	// top are the names at the top.
	top []string
}

// rolesOfArgument are the roles that an argument brings, by its name.
var rolesOfArgument = map[string][]string{
	"booking":   {roleBooking, rolePatient, roleClinician, roleGuest, roleSegment, roleConsultation},
	"recording": {roleRecording, roleBooking, rolePatient, roleClinician, roleGuest},
	"link":      {roleLink, roleRecording, roleBooking, rolePatient, roleClinician, roleGuest},
	"clinician": {roleClinician},
	"with":      {roleGuest},
	"peer":      {rolePeer},
	"cursor":    {rolePage},
	"email":     {}, // of a registration: it goes into the person
	"like":      {},
}

// formOf reads the form of a kind.
func formOf(k models.Kind) (form, error) {
	f := form{kind: k, roles: []string{roleActor}, top: []string{"world", "request_id"}}
	for _, a := range models.Arguments(models.Example(k)) {
		if _, isHandle := a.Value.(models.Handle); !isHandle {
			f.top = append(f.top, a.Name)
			continue
		}
		roles, known := rolesOfArgument[a.Name]
		if !known {
			return form{}, fmt.Errorf("no role for the argument %s of %s", a.Name, k)
		}
		f.roles = append(f.roles, roles...)
	}
	f.bind()
	f.addNames()
	return f, nil
}

// bind finds the role to which captures are bound: that of what the operation
// defines, else of what it acts on, else of who performs it.
func (f *form) bind() {
	defined := models.DefinedBy(f.kind)
	f.defines = defined != ""
	f.bound = roleOf(models.UsedBy(f.kind))
	if f.defines {
		f.bound = roleOf(defined)
	}
	if f.defines && f.bound != roleActor {
		f.roles = append(f.roles, f.bound)
	}
}

// addNames adds what the kinds have that is no argument.
func (f *form) addNames() {
	if f.has(roleBooking) {
		f.top = append(f.top, "title")
		f.roles = append(f.roles, rolePatient)
	}
	shows := models.Shows(f.kind)
	if shows.Has(models.ShowsListing) || shows.Has(models.ShowsAudit) {
		f.top = append(f.top, "cursor")
	}
	switch models.DefinedBy(f.kind) {
	case models.APatient:
		f.top = append(f.top, userBuiltins...)
	case models.AClinician:
		f.top = append(f.top, builtins[roleClinician]...)
	}
	if models.Speaks(f.kind) {
		f.top = append(f.top, "media")
	}
	if models.Takes(f.kind, "range") {
		f.top = append(f.top, "first", "last")
	}
	if models.UsedBy(f.kind) == models.ACursor {
		f.top = append(f.top, "limit")
	}
	slices.Sort(f.roles)
	f.roles = slices.Compact(f.roles)
	slices.Sort(f.top)
	f.top = slices.Compact(f.top)
}

func (f *form) has(role string) bool { return slices.Contains(f.roles, role) }

// roleOf is the role of a thing that an operation defines or acts on.
func roleOf(what models.Thing) string {
	switch what {
	case models.ABooking:
		return roleBooking
	case models.ARecording:
		return roleRecording
	case models.ALink:
		return roleLink
	case models.ACursor:
		return rolePage
	}
	return roleActor
}

// vocabulary is what templates of a request can name.
type vocabulary struct {
	form  *form
	roles map[string][]string // names by role
	top   []string
	// later are names that are captured in this operation, but not before.
	later map[ref]bool
}

// check says what is wrong with a name, or nothing.
func (v *vocabulary) check(r ref) string {
	switch {
	case r.role == "" && slices.Contains(v.top, r.name):
		return ""
	case r.role == "":
		return v.unknownTop(r)
	case v.later[r]:
		return fmt.Sprintf("%s has no value yet; expected it among the captures of an earlier step", r)
	case slices.Contains(v.roles[r.role], r.name):
		return ""
	}
	if _, known := v.roles[r.role]; known {
		return v.unknownName(r)
	}
	if _, isRole := builtins[r.role]; isRole {
		return fmt.Sprintf("%s: there is no %s %s; known are %s", r, r.role, v.place(), v.known())
	}
	return fmt.Sprintf("unknown name %s%s", r, perhaps(r.String(), v.names()))
}

func (v *vocabulary) unknownTop(r ref) string {
	if names, isRole := v.roles[r.name]; isRole {
		return fmt.Sprintf("%s is no value; expected one of its names, as in .%s.%s", r, r.name, slices.Concat(names, []string{"NAME"})[0])
	}
	return fmt.Sprintf("unknown name %s %s%s; known at the top are %s", r, v.place(), perhaps(r.String(), v.names()), dotted(v.top))
}

func (v *vocabulary) unknownName(r ref) string {
	names := v.roles[r.role]
	if len(names) == 0 {
		return fmt.Sprintf("unknown name %s; nothing captures anything for %s", r, article(r.role))
	}
	hint := fmt.Sprintf("; nothing captures it for %s", article(r.role))
	if best := nearest(r.name, names); best != "" {
		hint = fmt.Sprintf("; did you mean %s?", ref{r.role, best})
	}
	return fmt.Sprintf("unknown name %s%s; known of %s are %s", r, hint, article(r.role), strings.Join(names, ", "))
}

func (v *vocabulary) place() string {
	if v.form == nil {
		return "here"
	}
	return "in " + string(v.form.kind)
}

// known lists the roles and names at the top.
func (v *vocabulary) known() string { return dotted(slices.Sorted(maps.Keys(v.roles))) }

// names are all that can be named, as they are written.
func (v *vocabulary) names() []string {
	out := make([]string, 0, 64)
	for _, n := range v.top {
		out = append(out, "."+n)
	}
	for _, role := range slices.Sorted(maps.Keys(v.roles)) {
		for _, n := range v.roles[role] {
			out = append(out, "."+role+"."+n)
		}
	}
	return out
}

func dotted(names []string) string {
	out := make([]string, len(names))
	for i, n := range names {
		out[i] = "." + n
	}
	return strings.Join(out, ", ")
}

func article(role string) string {
	if strings.ContainsRune("aeiou", rune(role[0])) {
		return "an " + role
	}
	return "a " + role
}
