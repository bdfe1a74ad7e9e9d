package models

import "testing"

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
		{"with himself", held, "alice.share(b1.r1, alice)", "invalid"},
		{"with a clinician", held, "alice.share(b1.r1, dr2)", "invalid"},
		{"with one who has closed his account", held + "; bob.close()", "alice.share(b1.r1, bob)", "missing"},
		{"the clinician shares", held, "dr1.share(b1.r1, bob)", "denied"},
		{"a stranger shares", held, "bob.share(b1.r1, bob)", "missing"},
		{"one with whom it is shared shares", held + carol + "; alice.share(b1.r1, bob)", "bob.share(b1.r1, carol)", "denied"},
		{"a proxy shares", held + "; alice.appoint(bob)", "bob.share(b1.r1, bob)", "denied"},
		{"what never existed", "", "alice.share(?1, bob)", "missing"},
		{"what was shared with nobody is unshared", held, "alice.unshare(b1.r1, bob)", "ok"},
		{"one sees what is shared with him", held + "; alice.share(b1.r1, bob)", "bob.list()", "ok [b1.r1]"},
		{"and nothing else", both + "; alice.share(b1.r2, bob)", "bob.list()", "ok [b1.r2]"},
		{"and no other of it", both + "; alice.share(b1.r2, bob)", "bob.get(b1.r1)", "missing"},
		{"one no longer sees what was unshared", held + "; alice.share(b1.r1, bob); alice.unshare(b1.r1, bob)", "bob.list()", "ok []"},
		{"what is shared is not in an export", held + "; alice.share(b1.r1, bob)", "bob.export()", "ok []"},
		{"nor in an inbox", held + "; alice.share(b1.r1, bob)", "bob.inbox()", "ok []"},

		{"the patient appoints a proxy", "", "alice.appoint(bob)", "ok"},
		{"a clinician", "", "alice.appoint(dr2)", "invalid"},
		{"himself", "", "alice.appoint(alice)", "invalid"},
		{"one who has closed his account", "bob.close()", "alice.appoint(bob)", "missing"},
		{"a clinician appoints", "", "dr1.appoint(bob)", "denied"},
		{"one who is no proxy is dismissed", "", "alice.dismiss(bob)", "ok"},
		{"a proxy lists", held + "; alice.appoint(bob)", "bob.list()", "ok [b1.r1]"},
		{"a proxy who was dismissed lists", held + "; alice.appoint(bob); alice.dismiss(bob)", "bob.list()", "ok []"},
		{"a proxy of a proxy lists", held + carol + "; alice.appoint(bob); bob.appoint(carol)", "carol.list()", "ok []"},
		{"a proxy of one with whom it is shared lists", held + carol + "; alice.share(b1.r1, bob); bob.appoint(carol)", "carol.list()", "ok []"},
		{"a proxy joins", "alice.appoint(bob)", "bob.join(b1)", "denied"},
		{"a proxy cancels", "alice.appoint(bob)", "bob.cancel(b1)", "ok cancelled audio"},
		{"a proxy of one who has closed his account cancels", "alice.appoint(bob); alice.close()", "bob.cancel(b1)", "missing"},

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

		{"the patient closes his account", "", "alice.close()", "ok"},
		{"while he has a consultation", "alice.join(b1)", "alice.close()", "conflict"},
		{"while the clinician waits for him", "dr1.join(b1)", "alice.close()", "conflict"},
		{"a clinician closes his account", "", "dr1.close()", "denied"},
		{"twice", "alice.close()", "alice.close()", "denied"},
		{"he logs in again", "alice.close()", "alice.login()", "denied"},
		{"his appointment is cancelled", "alice.close()", "dr1.join(b1)", "conflict"},
		{"his slot is free", "alice.close()", "b2 = bob.book(dr1, audio)", "ok"},
		{"his recordings are gone", held + "; alice.close()", "dr1.list()", "ok []"},
		{"his address is free", "alice.close()", "carol = patient(email=alice)", "ok"},
		{"his address is taken", "", "carol = patient(email=alice)", "conflict"},
		{"it is taken again", "alice.close(); carol = patient(email=alice)", "dave = patient(email=alice)", "conflict"},
		{"under its new owner's name, too", "alice.close(); carol = patient(email=alice)", "dave = patient(email=carol)", "conflict"},
		{"its new owner has nothing", held + "; alice.close(); carol = patient(email=alice)", "carol.list()", "ok []"},
		{"one of the same name registers", "", "carol = patient(like=alice)", "ok"},

		{"a page has its rows", both, "c1 = alice.page(limit=1)", "ok [b1.r1]"},
		{"and the next the others", both + "; c1 = alice.page(limit=1)", "alice.follow(c1)", "ok [b1.r2]"},
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
		{"one who has closed his account", "bob.close()", "b2 = alice.book(dr2, video, with=bob)", "invalid"},
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
		{"the guest closes his account before it", group + "; bob.close()", "alice.join(b2)", "ok in-progress video"},
		{"his place is nobody's", group + "; bob.close(); carol.close()", "alice.cancel(b2)", "ok cancelled video"},
		{"the guest closes his account during it", group + "; alice.join(b2)", "bob.close()", "conflict"},
		{"the guest's link does not open after he closed his account", met + "; l1 = bob.link(b2.r1); bob.close()", "anyone.open(l1)", "missing"},
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
