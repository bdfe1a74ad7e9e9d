package models

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
)

// AccessPolicy is a choice about who may see and do what. A service declares it:
// nothing of the kind is ever inferred from answers, for every answer of a service
// that leaks would be a reason to infer it.
type AccessPolicy struct {
	// Key is its place below the policy of a configuration, as in "sees.clinician".
	Key string
	// About says in a sentence what is chosen.
	About string
	// Values are the choices, the strict one first: that of a service which declares
	// nothing.
	Values []AccessValue
	// Rules are those whose demands the other values relax.
	Rules []string
	// Told are operations whose answers tell the values apart, after a consultation b1
	// of alice with dr1, where bob and dr2 are registered, too.
	Told string
}

// AccessValue is one choice of an [AccessPolicy].
type AccessValue struct {
	Word  string
	Means string // in a clause
}

// AccessChoices are what a service declares of its access policies. The zero value declares
// nothing: every choice is the strict one.
type AccessChoices struct {
	words [accessPolicies]string // empty for the strict choice
}

// accessKey is the index of an access policy in its table.
type accessKey uint8

const (
	seesClinician accessKey = iota
	seesGuest
	seesProxy
	seesRecipient
	seesStaff
	trailHolds
	trailReaders
	linkingEnds
	linkingMakers
	deletion
	deleters
	closing
	reopening
	logout
	proxiesJoin
	proxiesDispose
	recipients
	guests
	offExports
	offLinking
	offRestart
	accessPolicies
)

// The words that are looked for.
const (
	seesListed      = "listed"
	seesApart       = "apart"
	seesNothing     = "nothing"
	playsOnly       = "plays"
	byClinicians    = "clinicians"
	untilExpiry     = "expiry"
	patientAlone    = "patient"
	hiddenFromThem  = "hidden"
	inBin           = "bin"
	byClinician     = "clinician"
	keptOnClosing   = "kept"
	theAccount      = "account"
	withRecordings  = "recordings"
	keepsToken      = "keeps"
	allowed         = "allowed"
	byUnsharing     = "unshare"
	byDeleting      = "delete"
	byEither        = "both"
	mayWithdraw     = "withdraw"
	staysOpen       = "open"
	strictlyRefused = "refused"
	strictlyClosed  = "closed"
)

// of is the word declared for a policy, or empty for the strict choice.
func (a *AccessChoices) of(k accessKey) string { return a.words[k] }

// Word is the word that is chosen for a policy, or empty for a key that there is
// not.
func (a AccessChoices) Word(key string) string {
	i := accessIndex(key)
	if i < 0 {
		return ""
	}
	if w := a.words[i]; w != "" {
		return w
	}
	return accessTable[i].Values[0].Word
}

// With declares a choice. The error is of a key or a word that there is not.
func (a AccessChoices) With(key, word string) (AccessChoices, error) {
	i := accessIndex(key)
	if i < 0 {
		return a, &NameError{What: "access policy", Name: key}
	}
	at := slices.IndexFunc(accessTable[i].Values, func(v AccessValue) bool { return v.Word == word })
	switch at {
	case -1:
		return a, fmt.Errorf("%s is %q; expected %s", key, word, strings.Join(accessTable[i].words(), " or "))
	case 0:
		word = ""
	}
	a.words[i] = word
	return a, nil
}

// Declared are the policies for which another choice than the strict one is
// declared, in the order of their table.
func (a AccessChoices) Declared() []Declaration {
	var out []Declaration
	for i, w := range a.words {
		if w != "" {
			out = append(out, Declaration{accessTable[i].Key, w})
		}
	}
	return out
}

// Declaration is a choice that a service declares.
type Declaration struct {
	Key  string `json:"key"`
	Word string `json:"word"`
}

// String is for example "policy.deletion: hidden", as it stands in a configuration.
func (d Declaration) String() string { return "policy." + d.Key + ": " + d.Word }

// MarshalJSON writes what is declared, by its keys.
func (a AccessChoices) MarshalJSON() ([]byte, error) {
	declared := make(map[string]string)
	for _, d := range a.Declared() {
		declared[d.Key] = d.Word
	}
	return json.Marshal(declared)
}

// UnmarshalJSON reads what MarshalJSON writes.
func (a *AccessChoices) UnmarshalJSON(text []byte) error {
	var declared map[string]string
	if err := json.Unmarshal(text, &declared); err != nil {
		return err
	}
	var out AccessChoices
	var err error
	for key, word := range declared {
		if out, err = out.With(key, word); err != nil {
			return err
		}
	}
	*a = out
	return nil
}

// AccessPolicies lists what there is to declare about access, in a fixed order.
func AccessPolicies() []AccessPolicy { return slices.Clone(accessTable[:]) }

func accessIndex(key string) int {
	return slices.IndexFunc(accessTable[:], func(p AccessPolicy) bool { return p.Key == key })
}

// words are those of its values.
func (p *AccessPolicy) words() []string {
	out := make([]string, len(p.Values))
	for i, v := range p.Values {
		out[i] = v.Word
	}
	return out
}
