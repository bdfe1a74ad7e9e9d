package main

import (
	"fmt"
	"strings"

	"github.com/telehealth-conformance/crosstalk/targets/clinic/rightful"
)

// choiceUsage says what the flag --choice is.
const choiceUsage = "have the clinic do otherwise and be right (see crosstalk clinic --help); several with commas"

// choiceList lists the choices with what the clinic does then.
func choiceList() string {
	var b strings.Builder
	for _, c := range rightful.Choices() {
		fmt.Fprintf(&b, "  %-23s  %s\n", c.Slug, c.What)
	}
	return strings.TrimSuffix(b.String(), "\n")
}

// chooseAll are the choices with some names.
func chooseAll(names []string) (rightful.Combination, error) {
	var chosen rightful.Combination
	for _, name := range names {
		choice, err := rightful.FindChoice(name)
		if err != nil {
			return nil, fmt.Errorf("--choice: %w; crosstalk clinic --help lists them", err)
		}
		for _, other := range chosen {
			if rightful.Contradict(choice, other) {
				return nil, fmt.Errorf("--choice: %s and %s contradict each other; give one of them", other.Slug, choice.Slug)
			}
		}
		chosen = append(chosen, choice)
	}
	return chosen, nil
}
