package clinic_test

// switchingStories tell the faults in a switch of mode and in the life of a recording.
func switchingStories() map[string]func(cast) bool {
	return map[string]func(cast) bool{}
}
