// Package rundir is the directory of a run.
//
//   - [Create] makes it, and a [Dir] keeps it readable while the run goes on and
//     writes every report when it ends.
//   - [Read] reads one back and judges its histories again with the rules of today:
//     a [Saved] run, whose reports can be written anew.
package rundir
