package rightful

import (
	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/clinic"
)

// AccessVariant is a clinic that lets others see or do what only some may at the reference clinic, or fewer: it is right
// where it declares so, and else it leaks.
type AccessVariant struct {
	models.Declaration
	// Apply makes a configuration the variant's, and declares nothing.
	Apply func(*clinic.Config)
}

// Declare makes a configuration the variant's, and declares it.
func (v AccessVariant) Declare(c *clinic.Config) {
	v.Apply(c)
	c.Access, _ = c.Access.With(v.Key, v.Word) // a test knows that there is such a choice
}

// Access returns a clinic for each choice about access but the strict ones, in the order of [models.AccessPolicies].
func Access() []AccessVariant {
	seeing := func(key, word string, s sights) AccessVariant {
		return AccessVariant{models.Declaration{Key: key, Word: word}, s.apply}
	}
	strict := sights{clinician: inList, guest: inList, proxy: inList, recipient: inList}
	of := func(change func(*sights, sight), s sight) sights {
		out := strict
		change(&out, s)
		return out
	}
	clinician, guest := func(s *sights, to sight) { s.clinician = to }, func(s *sights, to sight) { s.guest = to }
	proxy, recipient := func(s *sights, to sight) { s.proxy = to }, func(s *sights, to sight) { s.recipient = to }
	staff := func(s *sights, to sight) { s.staff = to }
	other := func(key, word string, apply func(*clinic.Config)) AccessVariant {
		return AccessVariant{models.Declaration{Key: key, Word: word}, apply}
	}
	return []AccessVariant{
		seeing("sees.clinician", "apart", of(clinician, apart)), seeing("sees.clinician", "nothing", of(clinician, unseen)),
		seeing("sees.guest", "apart", of(guest, apart)), seeing("sees.guest", "nothing", of(guest, unseen)),
		seeing("sees.proxy", "apart", of(proxy, apart)), seeing("sees.proxy", "nothing", of(proxy, unseen)),
		seeing("sees.recipient", "apart", of(recipient, apart)), seeing("sees.recipient", "nothing", of(recipient, unseen)),
		seeing("sees.staff", "listed", of(staff, inList)), seeing("sees.staff", "apart", of(staff, apart)),
		other("trail.holds", "plays", playsAlone), other("trail.readers", "clinicians", cliniciansReadTrails),
		other("linking.ends", "expiry", linksExpire), other("linking.makers", "patient", patientsLink),
		other("deletion", "hidden", hides), other("deletion", "bin", bins), other("deleters", "clinician", cliniciansDelete),
		other("closing", "kept", keepsOnClosing),
		other("reopening", "account", reopens), other("reopening", "recordings", reopensWithRecordings),
		other("logout", "keeps", logoutKeepsToken),
		other("proxies.join", "allowed", proxiesJoin), other("proxies.dispose", "allowed", proxiesDispose),
		other("recipients", "unshare", recipientsUnshare), other("recipients", "delete", recipientsDelete),
		other("recipients", "both", func(c *clinic.Config) { recipientsUnshare(c); recipientsDelete(c) }),
		other("guests", "withdraw", guestsWithdraw),
		other("killswitch.exports", "open", leftOpen(clinic.Exporting)), other("killswitch.linking", "open", leftOpen(clinic.Linking)),
		other("killswitch.restart", "open", onAgain),
	}
}
