// Package golden compares what tests write with files of testdata, which the flag
// -update writes anew. Tests alone import it.
package golden
