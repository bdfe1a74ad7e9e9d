// Package doctor tells whether a service is under test as it should be, and
// where it is not, what in the configuration is to blame. It walks from launch
// to the last operation and is run before the first exploration: what it calls
// wrong is wrong with the configuration more often than with the service.
//
//   - [Examine] walks a [Patient] and returns a [Report].
//   - [Report.Text] is for people.
package doctor
