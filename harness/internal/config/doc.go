// Package config reads crosstalk.yaml, the one file that says what is put under
// test, how it is reached and how it is explored.
//
// [Load] reads and checks a file against the JSON Schema of [Schema] and returns
// a [File], or all that is wrong with it as [Problems], each at its line and
// column. [Settings] decides between flags, environment variables and the file.
package config
