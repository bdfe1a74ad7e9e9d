package models

// sights are how somebody may see what they have a part in.
func sights() []AccessValue {
	return []AccessValue{
		{seesListed, "they see it, in the one list of replays"},
		{seesApart, "they see it, in a list of its own or by its address alone"},
		{seesNothing, "they do not see it"},
	}
}

// whether are a refusal and its opposite.
func whether(refused, instead string) []AccessValue {
	return []AccessValue{{strictlyRefused, refused}, {allowed, instead}}
}

// shut are that replays switched off close something, and that they do not.
func shut(closed, open string) []AccessValue {
	return []AccessValue{{strictlyClosed, closed}, {staysOpen, open}}
}

// accessTable is the table of the access policies.
var accessTable = [accessPolicies]AccessPolicy{
	seesClinician: {Key: "sees.clinician", About: "How a clinician sees the recordings of consultations that they held.",
		Values: sights(), Rules: []string{"LIST-1", "LIST-2", "LIST-3", "READ-1", "READ-3"}, Told: "dr1.list(); dr1.get(b1.r1)"},
	seesGuest: {Key: "sees.guest", About: "How a second patient sees the recordings of consultations in which they took part.",
		Values: sights(), Rules: []string{"LIST-1", "LIST-2", "LIST-3", "READ-1", "READ-3"}, Told: "b2 = alice.book(dr1, video, slot=2, with=bob); alice.join(b2); alice.speak(b2); alice.leave(b2); bob.list(); bob.get(b2.r1)"},
	seesProxy: {Key: "sees.proxy", About: "How a proxy sees the patient's recordings.",
		Values: sights(), Rules: []string{"LIST-1", "LIST-2", "LIST-3", "READ-1", "READ-3", "PROXY-1"}, Told: "alice.appoint(bob); bob.list(); bob.get(b1.r1)"},
	seesRecipient: {Key: "sees.recipient", About: "How one with whom a recording is shared sees it.",
		Values: sights(), Rules: []string{"LIST-1", "LIST-2", "LIST-3", "READ-1", "READ-3"}, Told: "alice.share(b1.r1, bob); bob.list(); bob.get(b1.r1)"},
	seesStaff: {Key: "sees.staff", About: "How clinicians see the recordings of consultations that others held.",
		Values: []AccessValue{{seesNothing, "they do not see them"}, {seesListed, "every clinician sees those of all, in the one list of replays"},
			{seesApart, "every clinician sees those of all, by their address"}},
		Rules: []string{"LIST-1", "LIST-3", "READ-1", "LINK-1"}, Told: "dr2.list(); dr2.get(b1.r1)"},
	trailHolds: {Key: "trail.holds", About: "What the audit trail holds.",
		Values: []AccessValue{{"presentations", "that somebody was presented with a recording, and that somebody played it"}, {playsOnly, "that somebody played it, alone"}},
		Rules:  []string{"AUDIT-1"}, Told: "alice.list(); alice.audit()"},
	trailReaders: {Key: "trail.readers", About: "Who reads an audit trail.",
		Values: []AccessValue{{patientAlone, "the patient whose recordings it is about"}, {byClinicians, "a clinician, too, of the recordings that they may see"}},
		Rules:  []string{"LIST-1"}, Told: "alice.play(b1.r1); dr1.audit()"},
	linkingEnds: {Key: "linking.ends", About: "When a playback link no longer opens.",
		Values: []AccessValue{{"logout", "when its maker logs out, closes the account or has no right to the recording any more"},
			{untilExpiry, "when it expires or the recording is gone, whatever becomes of its maker"}},
		Rules: []string{"LINK-1"}, Told: "l1 = alice.link(b1.r1); alice.logout(); anyone.open(l1)"},
	linkingMakers: {Key: "linking.makers", About: "Who makes playback links.",
		Values: []AccessValue{{"viewers", "whoever may see the recording"}, {patientAlone, "its patient alone"}},
		Rules:  []string{"READ-3"}, Told: "l1 = dr1.link(b1.r1)"},
	deletion: {Key: "deletion", About: "What deleting a recording does.",
		Values: []AccessValue{{"erased", "it is gone for everybody, at once"},
			{hiddenFromThem, "it is gone for its patient and those who see it by them; who else took part keeps it"},
			{inBin, "it is gone for everybody but its patient, to whom it may still be shown for a time"}},
		Rules: []string{"GONE-1", "LIST-3", "MODE-2"}, Told: "alice.delete(b1.r1); dr1.get(b1.r1); alice.get(b1.r1)"},
	deleters: {Key: "deleters", About: "Who deletes recordings.",
		Values: []AccessValue{{patientAlone, "their patient"}, {byClinician, "the clinician who held the consultation, too; then it is gone for everybody"}},
		Rules:  []string{"REFUSE-1"}, Told: "dr1.delete(b1.r1)"},
	closing: {Key: "closing", About: "What becomes of a patient's recordings when they close the account.",
		Values: []AccessValue{{"erased", "they are gone for everybody"}, {keptOnClosing, "who else took part keeps them, as long as the law says"}},
		Rules:  []string{"GONE-1", "LIST-3", "MODE-2"}, Told: "alice.close(); dr1.list()"},
	reopening: {Key: "reopening", About: "What logging in after closing the account does.",
		Values: []AccessValue{{strictlyRefused, "it is refused"}, {theAccount, "it opens the account again, without recordings"},
			{withRecordings, "it opens the account again, with the recordings; what was granted stays ended"}},
		Rules: []string{"REFUSE-1", "GONE-1"}, Told: "alice.close(); alice.login(); alice.list()"},
	logout: {Key: "logout", About: "What logging out does to the token.",
		Values: []AccessValue{{"revokes", "it is of no further use"}, {keepsToken, "it is good until it expires"}},
		Rules:  []string{"AUTH-1", "LINK-1"}, Told: "alice.logout(); alice.list()"},
	proxiesJoin: {Key: "proxies.join", About: "Whether a proxy takes part in the patient's consultations.",
		Values: whether("they do not", "they may take the patient's place: there is one for both"),
		Rules:  []string{"BOOK-2", "MODE-3"}, Told: "alice.appoint(bob); b2 = alice.book(dr1, video, slot=2); bob.join(b2); bob.switch(b2, audio)"},
	proxiesDispose: {Key: "proxies.dispose", About: "Whether a proxy deletes and shares the patient's recordings.",
		Values: whether("they do not", "they may"),
		Rules:  []string{"REFUSE-1"}, Told: "alice.appoint(bob); bob.delete(b1.r1)"},
	recipients: {Key: "recipients", About: "Whether one with whom a recording is shared takes themself out.",
		Values: []AccessValue{{"stay", "only its patient ends it"}, {byUnsharing, "they may unshare it from themself"},
			{byDeleting, "deleting it hides it from them, and from nobody else"}, {byEither, "they may do either"}},
		Rules: []string{"REFUSE-1"}, Told: "alice.share(b1.r1, bob); bob.delete(b1.r1); alice.get(b1.r1); alice.share(b1.r1, bob); bob.unshare(b1.r1, bob)"},
	guests: {Key: "guests", About: "Whether a second patient takes themself out of an appointment.",
		Values: []AccessValue{{"stay", "a guest changes nothing about it"}, {mayWithdraw, "cancelling it takes them out, and leaves it to the others"}},
		Rules:  []string{"BOOK-2"}, Told: "b2 = alice.book(dr1, video, slot=2, with=bob); bob.cancel(b2); alice.join(b2)"},
	offExports: {Key: "killswitch.exports", About: "Whether replays switched off close exports.",
		Values: shut("nothing is exported", "exports go on"),
		Rules:  []string{"KILL-1"}, Told: "operator.replays(off); alice.export()"},
	offLinking: {Key: "killswitch.linking", About: "Whether playback links are made while replays are switched off; they open for nobody.",
		Values: shut("none is made", "they are made"),
		Rules:  []string{"KILL-1"}, Told: "operator.replays(off); l1 = alice.link(b1.r1)"},
	offRestart: {Key: "killswitch.restart", About: "What a restart does to replays that are switched off.",
		Values: shut("they stay off", "they are on again"),
		Rules:  []string{"KILL-1"}, Told: "operator.replays(off); service.restart(); alice.list()"},
}
