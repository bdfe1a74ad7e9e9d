package models

// table is the table of rules. The order is that of reports, and where one
// answer breaks several rules at the same level, that of their weight.
var table = []Rule{
	{ID: "LIST-1", Must: true, Sentence: "A listing shows only recordings the caller may see.",
		CWE: []int{863, 200}, OWASP: "API1:2023", Needs: []Kind{KindList}, check: checkListingIsolated},
	{ID: "LIST-2", Must: true, Sentence: "A listing shows every recording the caller may see.",
		CWE: []int{863}, OWASP: "API1:2023", Needs: []Kind{KindList, KindSpeak}, check: checkListingComplete},
	{ID: "LIST-4", Must: true, Sentence: "Every row belongs to a consultation that took place.",
		CWE: []int{459, 706}, OWASP: "API3:2023", Needs: []Kind{KindList, KindSpeak}, check: checkRowsReal},
	{ID: "READ-1", Must: true, Sentence: "A recording, and all that derives from it, is refused to a caller who may not see it: metadata, full, ranged, HEAD.",
		CWE: []int{639, 862, 863}, OWASP: "API1:2023", Needs: []Kind{KindSpeak}, check: checkReadRefused},
	{ID: "READ-2", Must: true, Sentence: "The bytes delivered are those spoken in that consultation, all of them and no others.",
		CWE: []int{668, 226, 706}, OWASP: "API1:2023", Needs: []Kind{KindPlay, KindSpeak}, check: checkBytes},
	{ID: "READ-3", Must: true, Sentence: "A caller who may see a recording can read and play it, whole and by range.",
		CWE: []int{863}, OWASP: "API1:2023", Needs: []Kind{KindSpeak}, check: checkReadAllowed},
	{ID: "MODE-1", Must: true, Sentence: "A switch of mode never changes whose recording any segment is.",
		CWE: []int{708, 282}, OWASP: "API1:2023", Needs: []Kind{KindSwitch, KindSpeak}, check: checkAttribution},
	{ID: "MODE-2", Must: true, Sentence: "After n switches the segments make up exactly one consultation.",
		CWE: []int{362, 459}, OWASP: "API6:2023", Needs: []Kind{KindSwitch, KindList, KindSpeak}, check: checkSegments},
	{ID: "MODE-3", Must: true, Sentence: "Only a participant of a live consultation can switch it.",
		CWE: []int{862, 285}, OWASP: "API5:2023", Needs: []Kind{KindSwitch}, check: checkSwitchAllowed},
	{ID: "BOOK-1", Must: true, Sentence: "Cancel, reschedule and rebook never move a recording to another patient.",
		CWE: []int{668, 282}, OWASP: "API1:2023", Needs: []Kind{KindBook, KindList, KindSpeak}, check: checkSlotReused},
	{ID: "BOOK-2", Must: true, Sentence: "Nobody but its patient and its clinician can change a booking or take part in its consultation.",
		CWE: []int{862, 639}, OWASP: "API1:2023", Needs: []Kind{KindBook}, check: checkBookingGuarded},
	{ID: "AUTH-1", Must: true, Sentence: "No token, a revoked one or an expired one reads or changes nothing.",
		CWE: []int{613, 287}, OWASP: "API2:2023", Needs: []Kind{KindLogout}, check: checkToken},
	{ID: "REFUSE-1", Must: true, Sentence: "What must be refused is refused, and a refused operation changes nothing.",
		CWE: []int{841, 696}, OWASP: "API6:2023", check: checkRefusal},
	{ID: "FAULT-1", Must: true, Sentence: "No operation is answered with a server error.",
		CWE: []int{755, 703}, OWASP: "API8:2023", check: checkNoServerError},
}
