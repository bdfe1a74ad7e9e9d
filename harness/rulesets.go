package harness

import (
	"github.com/telehealth-conformance/crosstalk/models"
)

// For returns the options under which a violation of one of the rules is looked
// for: strictly where all of them are SHOULD rules, and by comparing runs where
// all of them are judged so.
func (o Options) For(rules []string) Options {
	o.Strict, o.Noninterference = true, true
	for _, id := range rules {
		rule, err := models.RuleByID(id)
		if err != nil {
			continue
		}
		o.Strict = o.Strict && !rule.Must
		o.Noninterference = o.Noninterference && rule.Compares
	}
	return o
}
