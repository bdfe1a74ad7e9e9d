package clinic_test

// bookingStories tell the faults in appointments and in who is who.
func bookingStories() map[string]func(cast) bool {
	return map[string]func(cast) bool{}
}
