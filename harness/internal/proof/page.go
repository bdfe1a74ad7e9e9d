package proof

import "github.com/telehealth-conformance/crosstalk/harness/internal/formats/layout"

// page is a page of text that this package knows to fill.
type page struct{ *layout.Page }
