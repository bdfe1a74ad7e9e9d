// Package coverage counts what histories exercised: operations, each two of them
// in a row, the shape of 9 June 2020, and the cells, which are the ways in which
// isolation can be asked about.
//
// [NewSurvey] observes the operations of one history, and [Coverage] adds up what
// surveys have seen. [CellOf] says in which cell a violation lies.
package coverage
