package clinic_test

// sessionsStories tell the faults in what is kept from request to request.
func sessionsStories() map[string]func(cast) bool {
	return map[string]func(cast) bool{}
}
