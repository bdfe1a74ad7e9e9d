package models

import "testing"

func TestExpect(t *testing.T) {
	for _, e := range []expectation{
		{"a patient registers", "", "carol = patient()", "ok"},
		{"a patient of 16 registers", "", "carol = patient(age=16)", "ok"},
		{"a patient of 15 may not register", "", "carol = patient(age=15)", "invalid"},
		{"a clinician registers", "", "dr3 = clinician()", "ok"},
		{"a child who was refused cannot act", "carol = patient(age=15)", "carol.list()", "unbound"},

		{"a patient logs in again", "", "alice.login()", "ok"},
		{"a patient logs in after logout", "alice.logout()", "alice.login()", "ok"},
		{"a patient logs out", "", "alice.logout()", "ok"},
		{"a patient logs out with a revoked token", "alice.logout()", "alice.logout()", "denied"},
		{"another's logout changes nothing", "bob.logout()", "alice.list()", "ok []"},
		{"a new login makes amends", "alice.logout(); alice.login()", "alice.list()", "ok []"},

		{"a patient books", "", "b2 = bob.book(dr2, video)", "ok"},
		{"a patient books another slot", "", "b2 = bob.book(dr1, video, slot=2)", "ok"},
		{"a patient books a slot that is taken", "", "b2 = bob.book(dr1, video)", "conflict"},
		{"slot 1 is the one that goes without saying", "", "b2 = bob.book(dr1, video, slot=1)", "conflict"},
		{"a patient books twice", "", "b2 = alice.book(dr1, video)", "conflict"},
		{"a slot is taken during the consultation", "alice.join(b1)", "b2 = bob.book(dr1, video)", "conflict"},
		{"a slot is free after the consultation", held, "b2 = bob.book(dr1, video)", "ok"},
		{"a slot is free after it was cancelled", "alice.cancel(b1)", "b2 = bob.book(dr1, video)", "ok"},
		{"a clinician cannot book", "", "b2 = dr2.book(dr1, video)", "denied"},
		{"a patient cannot be booked", "", "b2 = bob.book(alice, video)", "invalid"},
		{"a patient books after logout", "bob.logout()", "b2 = bob.book(dr2, audio)", "denied"},
		{"a booking that was refused is not bound", "b2 = bob.book(dr1, video)", "bob.join(b2)", "unbound"},

		{"the patient cancels", "", "alice.cancel(b1)", "ok cancelled audio"},
		{"the clinician cancels", "", "dr1.cancel(b1)", "ok cancelled audio"},
		{"a stranger cancels", "", "bob.cancel(b1)", "missing"},
		{"another clinician cancels", "", "dr2.cancel(b1)", "missing"},
		{"the patient cancels after logout", "alice.logout()", "alice.cancel(b1)", "denied"},
		{"a cancelled booking is cancelled", "alice.cancel(b1)", "alice.cancel(b1)", "conflict"},
		{"a consultation in progress is cancelled", "alice.join(b1)", "alice.cancel(b1)", "conflict"},
		{"a completed consultation is cancelled", held, "dr1.cancel(b1)", "conflict"},

		{"the patient joins", "", "alice.join(b1)", "ok in-progress audio"},
		{"the clinician joins", "", "dr1.join(b1)", "ok in-progress audio"},
		{"the second joins", "alice.join(b1)", "dr1.join(b1)", "ok in-progress audio"},
		{"a stranger joins", "alice.join(b1)", "bob.join(b1)", "missing"},
		{"the patient joins after logout", "alice.logout()", "alice.join(b1)", "denied"},
		{"one who is there joins", "alice.join(b1)", "alice.join(b1)", "conflict"},
		{"one who was dropped joins", "alice.join(b1); alice.drop(b1)", "alice.join(b1)", "ok in-progress audio"},
		{"one who left joins while it lasts", "alice.join(b1); dr1.join(b1); alice.leave(b1)", "alice.join(b1)", "ok in-progress audio"},
		{"one joins a cancelled consultation", "alice.cancel(b1)", "alice.join(b1)", "conflict"},
		{"one joins a completed consultation", held, "dr1.join(b1)", "conflict"},

		{"the patient is dropped", "alice.join(b1)", "alice.drop(b1)", "ok in-progress audio"},
		{"one who is not there is dropped", "dr1.join(b1)", "alice.drop(b1)", "conflict"},
		{"one who was dropped is dropped", "alice.join(b1); alice.drop(b1)", "alice.drop(b1)", "conflict"},
		{"a stranger is dropped", "alice.join(b1)", "bob.drop(b1)", "missing"},
		{"the patient is dropped after logout", "alice.join(b1); alice.logout()", "alice.drop(b1)", "denied"},

		{"the last leaves", "alice.join(b1)", "alice.leave(b1)", "ok completed audio"},
		{"one leaves and one stays", "alice.join(b1); dr1.join(b1)", "alice.leave(b1)", "ok in-progress audio"},
		{"the last leaves after the other", "alice.join(b1); dr1.join(b1); alice.leave(b1)", "dr1.leave(b1)", "ok completed audio"},
		{"one leaves and one is dropped", "alice.join(b1); dr1.join(b1); dr1.drop(b1)", "alice.leave(b1)", "ok in-progress audio"},
		{"one who was dropped leaves", "alice.join(b1); alice.drop(b1)", "alice.leave(b1)", "conflict"},
		{"one who is not there leaves", "dr1.join(b1)", "alice.leave(b1)", "conflict"},
		{"a stranger leaves", "alice.join(b1)", "bob.leave(b1)", "missing"},
		{"one leaves before it begins", "", "alice.leave(b1)", "conflict"},
		{"one leaves a completed consultation", held, "alice.leave(b1)", "conflict"},

		{"the clinician ends it", "alice.join(b1); dr1.join(b1)", "dr1.end(b1)", "ok completed audio"},
		{"the patient may not end it", "alice.join(b1); dr1.join(b1)", "alice.end(b1)", "denied"},
		{"the clinician ends it from outside", "alice.join(b1)", "dr1.end(b1)", "conflict"},
		{"a stranger ends it", "alice.join(b1)", "dr2.end(b1)", "missing"},
		{"the clinician ends it after logout", "dr1.join(b1); dr1.logout()", "dr1.end(b1)", "denied"},
		{"the clinician ends it twice", "dr1.join(b1); dr1.end(b1)", "dr1.end(b1)", "conflict"},

		{"the patient speaks", "alice.join(b1)", "alice.speak(b1)", "ok in-progress audio"},
		{"the clinician speaks", "dr1.join(b1)", "dr1.speak(b1)", "ok in-progress audio"},
		{"one speaks who is not there", "dr1.join(b1)", "alice.speak(b1)", "conflict"},
		{"one speaks who was dropped", "alice.join(b1); alice.drop(b1)", "alice.speak(b1)", "conflict"},
		{"a stranger speaks", "alice.join(b1)", "bob.speak(b1)", "missing"},
		{"the patient speaks after logout", "alice.join(b1); alice.logout()", "alice.speak(b1)", "denied"},

		{"the patient switches to video", "alice.join(b1)", "alice.switch(b1, video)", "ok in-progress video"},
		{"the clinician switches to video", "dr1.join(b1)", "dr1.switch(b1, video)", "ok in-progress video"},
		{"the patient switches to what it is", "alice.join(b1)", "alice.switch(b1, audio)", "ok in-progress audio"},
		{"the patient switches back", "alice.join(b1); alice.switch(b1, video)", "alice.switch(b1, audio)", "ok in-progress audio"},
		{"the patient switches before it begins", "", "alice.switch(b1, video)", "conflict"},
		{"the patient switches when it is over", held, "alice.switch(b1, video)", "conflict"},
		{"one switches who is not there", "dr1.join(b1)", "alice.switch(b1, video)", "conflict"},
		{"a stranger switches", "alice.join(b1)", "bob.switch(b1, video)", "missing"},
		{"the patient switches after logout", "alice.join(b1); alice.logout()", "alice.switch(b1, video)", "denied"},

		{"there is no recording before the end", spoken, "alice.list()", "ok []"},
		{"there is no recording of silence", "alice.join(b1); alice.leave(b1)", "alice.list()", "ok []"},
		{"the patient sees their recording", held, "alice.list()", "ok [b1.r1]"},
		{"the clinician sees it", held, "dr1.list(limit=1)", "ok [b1.r1]"},
		{"a stranger does not see it", held, "bob.list()", "ok []"},
		{"each segment with media is a recording", twice, "alice.list()", "ok [b1.r1 b1.r2]"},
		{"a listing after logout", held + "; alice.logout()", "alice.list()", "denied"},

		{"the patient reads metadata", held, "alice.get(b1.r1)", "ok b1.r1"},
		{"the clinician reads metadata", held, "dr1.get(b1.r1)", "ok b1.r1"},
		{"a stranger reads metadata", held, "bob.get(b1.r1)", "missing"},
		{"the patient reads metadata after logout", held + "; alice.logout()", "alice.get(b1.r1)", "denied"},
		{"a recording that is not there is not bound", held, "alice.get(b1.r2)", "unbound"},
		{"a recording is not bound before the end", spoken, "alice.get(b1.r1)", "unbound"},
		{"the patient asks for headers", held, "alice.head(b1.r1)", "ok 0 of 256 bytes"},
		{"a stranger asks for headers", held, "bob.head(b1.r1)", "missing"},
		{"the patient plays all of it", twice, "alice.play(b1.r2)", "ok 512 of 512 bytes"},
		{"the patient plays a range", held, "alice.play(b1.r1, range=0-99)", "ok 100 of 256 bytes"},
		{"the patient plays a range that ends behind the end", held, "alice.play(b1.r1, range=200-299)", "ok 56 of 256 bytes"},
		{"the patient plays the last byte", held, "alice.play(b1.r1, range=255-255)", "ok 1 of 256 bytes"},
		{"the patient plays a range behind the end", held, "alice.play(b1.r1, range=256-300)", "invalid"},
		{"a stranger plays a range behind the end", held, "bob.play(b1.r1, range=256-300)", "missing"},
		{"a stranger plays", held, "bob.play(b1.r1)", "missing"},
	} {
		e.run(t, ReferencePolicy())
	}
}

func TestExpectUnderOtherPolicies(t *testing.T) {
	all := policies()
	for _, test := range []struct {
		policy string
		expectation
	}{
		{"the patient may end", expectation{"the patient ends it", "alice.join(b1); dr1.join(b1)", "alice.end(b1)", "ok completed audio"}},
		{"the patient may end", expectation{"a stranger does not", "alice.join(b1)", "bob.end(b1)", "missing"}},
		{"strangers are denied", expectation{"a stranger reads", held, "bob.get(b1.r1)", "denied"}},
		{"strangers are denied", expectation{"a stranger joins", "", "bob.join(b1)", "denied"}},
		{"strangers are denied", expectation{"what is not there stays unbound", "", "bob.get(b1.r1)", "unbound"}},
		{"children may register", expectation{"a child registers", "", "carol = patient(age=1)", "ok"}},
		{"audio is not recorded", expectation{"a consultation in audio has no recording", held, "alice.list()", "ok []"}},
		{"audio is not recorded", expectation{"the video after a switch is the first recording", twice, "alice.list()", "ok [b1.r1]"}},
		{"audio is not recorded", expectation{"it has the bytes spoken in video only", twice, "alice.play(b1.r1)", "ok 512 of 512 bytes"}},
		{"one recording for a consultation", expectation{"two segments make one recording", twice, "alice.list()", "ok [b1.r1]"}},
		{"one recording for a consultation", expectation{"it has the bytes of both", twice, "alice.play(b1.r1)", "ok 768 of 768 bytes"}},
		{"one recording for a consultation", expectation{"a range runs from one segment into the other", twice, "alice.play(b1.r1, range=250-349)", "ok 100 of 768 bytes"}},
	} {
		test.name = test.policy + ": " + test.name
		test.run(t, all[test.policy])
	}
}

// TestExpectOfAccessAndAccounts is what a correct service answers about who may
// see a recording, links to it, deletion, accounts, pages and the whole service.
func TestExpectOfAccessAndAccounts(t *testing.T) {
	const carol = "; carol = patient()"
	both := spoken + "; alice.switch(b1, video); alice.speak(b1); alice.leave(b1)"
	for _, e := range []expectation{
		{"the patient reschedules", "", "alice.reschedule(b1, slot=2)", "ok planned audio"},
		{"the clinician reschedules", "", "dr1.reschedule(b1, slot=2)", "ok planned audio"},
		{"a stranger reschedules", "", "bob.reschedule(b1, slot=2)", "missing"},
		{"a proxy reschedules", "alice.appoint(bob)", "bob.reschedule(b1, slot=2)", "ok planned audio"},
		{"to the slot it has", "", "alice.reschedule(b1, slot=1)", "ok planned audio"},
		{"to a slot that is taken", "b2 = bob.book(dr1, audio, slot=2)", "alice.reschedule(b1, slot=2)", "conflict"},
		{"to a slot that another clinician holds", "b2 = bob.book(dr2, audio, slot=2)", "alice.reschedule(b1, slot=2)", "ok planned audio"},
		{"in progress", "alice.join(b1)", "alice.reschedule(b1, slot=2)", "conflict"},
		{"when it is over", held, "alice.reschedule(b1, slot=2)", "conflict"},
		{"cancelled", "alice.cancel(b1)", "alice.reschedule(b1, slot=2)", "conflict"},
		{"the slot that it leaves is free", "alice.reschedule(b1, slot=2)", "b2 = bob.book(dr1, audio)", "ok"},
		{"the slot that it moves to is taken", "alice.reschedule(b1, slot=2)", "b2 = bob.book(dr1, audio, slot=2)", "conflict"},

		{"the patient shares", held, "alice.share(b1.r1, bob)", "ok"},
		{"once more", held + "; alice.share(b1.r1, bob)", "alice.share(b1.r1, bob)", "ok"},
		{"with themselves", held, "alice.share(b1.r1, alice)", "invalid"},
		{"with a clinician", held, "alice.share(b1.r1, dr2)", "invalid"},
		{"with one who has closed the account", held + "; bob.close()", "alice.share(b1.r1, bob)", "missing"},
		{"the clinician shares", held, "dr1.share(b1.r1, bob)", "denied"},
		{"a stranger shares", held, "bob.share(b1.r1, bob)", "missing"},
		{"one with whom it is shared shares", held + carol + "; alice.share(b1.r1, bob)", "bob.share(b1.r1, carol)", "denied"},
		{"a proxy shares", held + "; alice.appoint(bob)", "bob.share(b1.r1, bob)", "denied"},
		{"what never existed", "", "alice.share(?1, bob)", "missing"},
		{"what was shared with nobody is unshared", held, "alice.unshare(b1.r1, bob)", "ok"},
		{"one sees what is shared with them", held + "; alice.share(b1.r1, bob)", "bob.list()", "ok [b1.r1]"},
		{"and nothing else", both + "; alice.share(b1.r2, bob)", "bob.list()", "ok [b1.r2]"},
		{"and no other of it", both + "; alice.share(b1.r2, bob)", "bob.get(b1.r1)", "missing"},
		{"one no longer sees what was unshared", held + "; alice.share(b1.r1, bob); alice.unshare(b1.r1, bob)", "bob.list()", "ok []"},
		{"what is shared is not in an export", held + "; alice.share(b1.r1, bob)", "bob.export()", "ok []"},
		{"nor in an inbox", held + "; alice.share(b1.r1, bob)", "bob.inbox()", "ok []"},

		{"the patient appoints a proxy", "", "alice.appoint(bob)", "ok"},
		{"a clinician", "", "alice.appoint(dr2)", "invalid"},
		{"themselves", "", "alice.appoint(alice)", "invalid"},
		{"one who has closed the account", "bob.close()", "alice.appoint(bob)", "missing"},
		{"a clinician appoints", "", "dr1.appoint(bob)", "denied"},
		{"one who is no proxy is dismissed", "", "alice.dismiss(bob)", "ok"},
		{"a proxy lists", held + "; alice.appoint(bob)", "bob.list()", "ok [b1.r1]"},
		{"a proxy who was dismissed lists", held + "; alice.appoint(bob); alice.dismiss(bob)", "bob.list()", "ok []"},
		{"a proxy of a proxy lists", held + carol + "; alice.appoint(bob); bob.appoint(carol)", "carol.list()", "ok []"},
		{"a proxy of one with whom it is shared lists", held + carol + "; alice.share(b1.r1, bob); bob.appoint(carol)", "carol.list()", "ok []"},
		{"a proxy joins", "alice.appoint(bob)", "bob.join(b1)", "denied"},
		{"a proxy cancels", "alice.appoint(bob)", "bob.cancel(b1)", "ok cancelled audio"},
		{"a proxy of one who has closed the account cancels", "alice.appoint(bob); alice.close()", "bob.cancel(b1)", "missing"},

		{"the patient deletes", held, "alice.delete(b1.r1)", "ok"},
		{"once more", held + "; alice.delete(b1.r1)", "alice.delete(b1.r1)", "missing"},
		{"the clinician deletes", held, "dr1.delete(b1.r1)", "denied"},
		{"a stranger deletes", held, "bob.delete(b1.r1)", "missing"},
		{"a proxy deletes", held + "; alice.appoint(bob)", "bob.delete(b1.r1)", "denied"},
		{"what is deleted is gone from listings", both + "; alice.delete(b1.r1)", "dr1.list()", "ok [b1.r2]"},
		{"from exports", both + "; alice.delete(b1.r1)", "alice.export()", "ok [b1.r2]"},
		{"from inboxes", both + "; alice.delete(b1.r1)", "alice.inbox()", "ok [b1.r2]"},
		{"and from reads", held + "; alice.delete(b1.r1)", "alice.play(b1.r1)", "missing"},
		{"and cannot be shared", held + "; alice.delete(b1.r1)", "alice.share(b1.r1, bob)", "missing"},

		{"a stranger is given no link", held, "l1 = bob.link(b1.r1)", "missing"},
		{"a link opens", held + "; l1 = alice.link(b1.r1)", "anyone.open(l1)", "ok 256 of 256 bytes"},
		{"with a revoked token", held + "; l1 = alice.link(b1.r1); bob.logout()", "bob.open(l1)", "denied"},
		{"not after logout", held + "; l1 = alice.link(b1.r1); alice.logout()", "anyone.open(l1)", "missing"},
		{"nor after another login", held + "; l1 = alice.link(b1.r1); alice.logout(); alice.login()", "alice.open(l1)", "missing"},
		{"after another's logout", held + "; l1 = alice.link(b1.r1); dr1.logout()", "anyone.open(l1)", "ok 256 of 256 bytes"},
		{"after a login without logout", held + "; l1 = alice.link(b1.r1); alice.login()", "anyone.open(l1)", "ok 256 of 256 bytes"},
		{"not after deletion", held + "; l1 = dr1.link(b1.r1); alice.delete(b1.r1)", "anyone.open(l1)", "missing"},
		{"not after unsharing", held + "; alice.share(b1.r1, bob); l1 = bob.link(b1.r1); alice.unshare(b1.r1, bob)", "anyone.open(l1)", "missing"},
		{"not after its maker's account was closed", held + "; alice.share(b1.r1, bob); l1 = bob.link(b1.r1); bob.close()", "anyone.open(l1)", "missing"},

		{"the patient closes the account", "", "alice.close()", "ok"},
		{"while they have a consultation", "alice.join(b1)", "alice.close()", "conflict"},
		{"while the clinician waits for them", "dr1.join(b1)", "alice.close()", "conflict"},
		{"a clinician closes the account", "", "dr1.close()", "denied"},
		{"twice", "alice.close()", "alice.close()", "denied"},
		{"they log in again", "alice.close()", "alice.login()", "denied"},
		{"their appointment is cancelled", "alice.close()", "dr1.join(b1)", "conflict"},
		{"their slot is free", "alice.close()", "b2 = bob.book(dr1, audio)", "ok"},
		{"their recordings are gone", held + "; alice.close()", "dr1.list()", "ok []"},
		{"their address is free", "alice.close()", "carol = patient(email=alice)", "ok"},
		{"their address is taken", "", "carol = patient(email=alice)", "conflict"},
		{"it is taken again", "alice.close(); carol = patient(email=alice)", "dave = patient(email=alice)", "conflict"},
		{"under its new owner's name, too", "alice.close(); carol = patient(email=alice)", "dave = patient(email=carol)", "conflict"},
		{"and by a third under the first's", "alice.close(); carol = patient(email=alice); carol.close(); dave = patient(email=carol)", "erin = patient(email=alice)", "conflict"},
		{"its new owner has nothing", held + "; alice.close(); carol = patient(email=alice)", "carol.list()", "ok []"},
		{"one of the same name registers", "", "carol = patient(like=alice)", "ok"},

		{"a page has its rows", both, "c1 = alice.page(limit=1)", "ok [b1.r1] of 2"},
		{"and the next the others", both + "; c1 = alice.page(limit=1)", "alice.follow(c1)", "ok [b1.r2] of 2"},
		{"a cursor is its owner's", both + "; c1 = alice.page(limit=1)", "dr1.follow(c1)", "invalid"},
		{"a last page has no cursor", both + "; c1 = alice.page(limit=2)", "alice.follow(c1)", "unbound"},
		{"a listing of one mode", both, "alice.list(mode=video)", "ok [b1.r2]"},

		{"an export", both, "alice.export()", "ok [b1.r1 b1.r2]"},
		{"a clinician exports", held, "dr1.export()", "denied"},
		{"an inbox", both, "alice.inbox()", "ok [b1.r1 b1.r2]"},
		{"a clinician's inbox", held, "dr1.inbox()", "ok []"},
		{"an audit trail", held + "; alice.list(); dr1.list(); dr1.list(); dr1.play(b1.r1); dr1.thumb(b1.r1)", "alice.audit()", "ok 4 accesses"},
		{"a clinician audits", "", "dr1.audit()", "denied"},
		{"anyone lists", "", "anyone.list()", "denied"},
		{"anyone reads what never existed", "", "anyone.get(?1)", "denied"},
		{"a patient reads what never existed", "", "alice.get(?1)", "missing"},

		{"replays are off", held + "; operator.replays(off)", "alice.list()", "unavailable"},
		{"even what never existed", "operator.replays(off)", "alice.get(?1)", "unavailable"},
		{"a token comes first", "operator.replays(off); alice.logout()", "alice.list()", "denied"},
		{"and links", held + "; l1 = alice.link(b1.r1); operator.replays(off)", "anyone.open(l1)", "unavailable"},
		{"and exports", "operator.replays(off)", "alice.export()", "unavailable"},
		{"but not inboxes", held + "; operator.replays(off)", "alice.inbox()", "ok [b1.r1]"},
		{"nor sharing", held + "; operator.replays(off)", "alice.share(b1.r1, bob)", "ok"},
		{"nor deletion", held + "; operator.replays(off)", "alice.delete(b1.r1)", "ok"},
		{"they stay off after a restart", "operator.replays(off); service.restart()", "alice.list()", "unavailable"},
		{"they are on again", held + "; operator.replays(off); operator.replays(on)", "bob.list()", "ok []"},
		{"a consultation goes on after a restart", "alice.join(b1); service.restart()", "alice.speak(b1)", "ok in-progress audio"},
	} {
		e.run(t, ReferencePolicy())
	}
}

// TestExpectOfGroupsAndPersonalLinks is the same under other policies.
func TestExpectOfGroupsAndPersonalLinks(t *testing.T) {
	const group = "carol = patient(); b2 = alice.book(dr2, video, with=bob)"
	met := group + "; alice.join(b2); bob.join(b2); bob.speak(b2); alice.leave(b2); bob.leave(b2)"
	all := policies()
	for _, e := range []expectation{
		{"a guest is booked", "", "b2 = alice.book(dr2, video, with=bob)", "ok"},
		{"a clinician", "", "b2 = alice.book(dr2, video, with=dr1)", "invalid"},
		{"oneself", "", "b2 = alice.book(dr2, video, with=alice)", "invalid"},
		{"one who has closed the account", "bob.close()", "b2 = alice.book(dr2, video, with=bob)", "invalid"},
		{"the guest joins", group, "bob.join(b2)", "ok in-progress video"},
		{"the guest switches", group + "; bob.join(b2)", "bob.switch(b2, audio)", "ok in-progress audio"},
		{"the guest ends it", group + "; bob.join(b2)", "bob.end(b2)", "denied"},
		{"the guest cancels", group, "bob.cancel(b2)", "denied"},
		{"the guest reschedules", group, "bob.reschedule(b2, slot=2)", "denied"},
		{"the last of three leaves", group + "; alice.join(b2); bob.join(b2); dr2.join(b2); dr2.leave(b2); alice.leave(b2)", "bob.leave(b2)", "ok completed video"},
		{"one of three stays", group + "; alice.join(b2); bob.join(b2)", "alice.leave(b2)", "ok in-progress video"},
		{"the guest lists", met, "bob.list()", "ok [b2.r1]"},
		{"the guest exports", met, "bob.export()", "ok []"},
		{"the guest's inbox", met, "bob.inbox()", "ok []"},
		{"the guest deletes", met, "bob.delete(b2.r1)", "denied"},
		{"the guest's proxy lists", met + "; bob.appoint(carol)", "carol.list()", "ok []"},
		{"the guest closes the account before it", group + "; bob.close()", "alice.join(b2)", "ok in-progress video"},
		{"their place is nobody's", group + "; bob.close(); carol.close()", "alice.cancel(b2)", "ok cancelled video"},
		{"the guest closes the account during it", group + "; alice.join(b2)", "bob.close()", "conflict"},
		{"the guest's link does not open after they closed the account", met + "; l1 = bob.link(b2.r1); bob.close()", "anyone.open(l1)", "missing"},
	} {
		e.run(t, all["groups"])
	}
	for _, e := range []expectation{
		{"a guest is booked without groups", "", "b2 = alice.book(dr2, video, with=bob)", "invalid"},
		{"a personal link opens for its maker", held + "; l1 = alice.link(b1.r1)", "alice.open(l1)", "ok 256 of 256 bytes"},
		{"not for the clinician", held + "; l1 = alice.link(b1.r1)", "dr1.open(l1)", "missing"},
		{"nor for anyone", held + "; l1 = alice.link(b1.r1)", "anyone.open(l1)", "denied"},
	} {
		e.run(t, all["links are personal"])
	}
}
