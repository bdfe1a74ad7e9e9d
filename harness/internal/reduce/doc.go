// Package reduce looks for the shortest trace that still shows a violation.
//
// [Reduce] is directed by the violation's witness: who was shown what, and whose
// it was. It asks only the judge, and returns a [Minimal] trace with a
// [Certificate]: fresh runs in which it shows the violation, and others in which
// it does not without each operation in turn.
package reduce
