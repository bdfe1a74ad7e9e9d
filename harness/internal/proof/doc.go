// Package proof is the table of what exploring has shown of services whose nature
// is known: that each seeded fault is found by a rule it breaks, that services
// which conform are cleared, and that every operation is drawn. A [Prover] explores
// them and makes the [Table].
package proof
