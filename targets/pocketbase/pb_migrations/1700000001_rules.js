/// <reference path="../pb_data/types.d.ts" />

// Who may do what. PB_WRONG chooses a set of rules with one mistake in it; the
// rules are right without it.
migrate((app) => {
  const wrong = $os.getenv("PB_WRONG")
  const known = ["owner-empty", "view-open", "file-open", "relation-editable", "expand-leaks", "any-appointment", "guest-is-nobody"]
  if (wrong && !known.includes(wrong)) {
    throw new Error("PB_WRONG=" + wrong + ": expected one of " + known.join(" "))
  }

  const me = "@request.auth.id"
  const all = (...parts) => "(" + parts.join(" && ") + ")"
  const any = (...parts) => "(" + parts.join(" || ") + ")"
  // keeps: none of the fields is changed by the request.
  const keeps = (...fields) => all(...fields.map((f) => `@request.body.${f}:changed = false`))
  // becomes: the request sets the field to the value.
  const becomes = (field, value) => `@request.body.${field} = "${value}"`

  // A rule is set from a string, never from another rule: those would be one and
  // change together. An empty relation equals the empty id of a guest, so that
  // every rule asks for a login first.
  const loggedIn = `${me} != ""`

  // Accounts. Changing the password voids every token of the account.
  const patients = app.findCollectionByNameOrId("patients")
  patients.listRule = patients.viewRule = all(loggedIn, any(`id = ${me}`, `appointments_via_patient.clinician ?= ${me}`))
  patients.createRule = `strftime("%Y-%m-%d", birthDate, "+16 years") <= strftime("%Y-%m-%d", @now) && proxies:length = 0`
  patients.updateRule = all(
    `id = ${me}`,
    any(
      `@request.body.proxies:isset = false`,
      all(`@request.body.proxies:changed = true`, `@request.body.proxies:each != ${me}`),
    ),
  )
  patients.deleteRule = all(`id = ${me}`, `appointments_via_patient.status != "live"`)
  app.save(patients)

  const clinicians = app.findCollectionByNameOrId("clinicians")
  clinicians.listRule = clinicians.viewRule = loggedIn
  clinicians.updateRule = `id = ${me}`
  app.save(clinicians)

  // Appointments.
  const appointments = app.findCollectionByNameOrId("appointments")
  const asPatient = `patient = ${me}`
  const asClinician = `clinician = ${me}`
  const asProxy = `patient.proxies.id ?= ${me}`
  appointments.listRule = appointments.viewRule = all(loggedIn, any(asPatient, asClinician, asProxy))
  appointments.createRule = all(
    loggedIn, asPatient, `status = "booked"`, `patientIs = "absent"`, `clinicianIs = "absent"`,
  )
  // turns are what a participant may do in the consultation itself.
  function turns(mine, other) {
    const there = all(`status = "live"`, `${mine} = "present"`)
    return any(
      // join, again after one left or was dropped
      all(any(`status = "booked"`, `status = "live"`), `${mine} != "present"`, becomes(mine, "present"), becomes("status", "live"),
        keeps(other, "mode", "slot")),
      // drop and leave
      all(there, any(becomes(mine, "dropped"), becomes(mine, "absent")), keeps(other, "mode", "slot", "status")),
      // switch
      all(there, "@request.body.mode:isset = true", keeps(mine, other, "slot", "status")),
      // the last to leave completes it; who is not the last says that it goes on
      all(`status = "live"`, `${mine} = "absent"`, keeps(mine, other, "slot", "mode"), "@request.body.mode:isset = false",
        `@request.body.${mine}:isset = false`,
        any(becomes("status", "live"), all(`${other} = "absent"`, becomes("status", "completed")))),
    )
  }
  appointments.updateRule = all(
    loggedIn,
    keeps("patient", "clinician", "reason"),
    any(
      // reschedule and cancel, before it begins
      all(any(asPatient, asClinician, asProxy), `status = "booked"`, keeps("mode", "patientIs", "clinicianIs"),
        any(
          all("@request.body.slot:isset = true", keeps("status")),
          all(becomes("status", "cancelled"), keeps("slot")),
        )),
      all(asPatient, turns("patientIs", "clinicianIs")),
      all(asClinician, turns("clinicianIs", "patientIs")),
      // the clinician may end it for everybody
      all(asClinician, `status = "live"`, `clinicianIs = "present"`, becomes("status", "completed"),
        keeps("mode", "slot", "patientIs", "clinicianIs")),
    ),
  )
  app.save(appointments)

  // Recordings.
  const recordings = app.findCollectionByNameOrId("recordings")
  const mine = `appointment.patient = ${me}`
  const entitled = any(mine, `appointment.clinician = ${me}`, `sharedWith.id ?= ${me}`, `appointment.patient.proxies.id ?= ${me}`)
  const replayed = all("@collection.features.replays ?= true", `appointment.status = "completed"`)
  const records = all(
    `appointment.status = "live"`,
    "mode = appointment.mode",
    any(all(mine, `appointment.patientIs = "present"`), all(`appointment.clinician = ${me}`, `appointment.clinicianIs = "present"`)),
  )
  const described = ["appointment", "subject", "owner", "title", "mode", "segment"]
  recordings.listRule = recordings.viewRule = all(loggedIn, replayed, entitled)
  recordings.createRule = all(
    loggedIn, records, "subject = appointment.patient", any(`owner = ""`, "owner = appointment.patient"),
    "title = appointment.reason", "sharedWith:length = 0",
  )
  recordings.updateRule = all(
    loggedIn,
    keeps(...described),
    any(
      // more was said
      all(records, "@request.body.media:isset = true", keeps("sharedWith")),
      // its patient shares it, or no longer
      all(mine, `appointment.status = "completed"`, "@request.body.media:isset = false",
        "@request.body.sharedWith:changed = true", `@request.body.sharedWith:each != ${me}`),
    ),
  )
  recordings.deleteRule = all(loggedIn, mine, `appointment.status = "completed"`)

  switch (wrong) {
    case "owner-empty":
      // A recording that nobody holds is taken for the caller's own.
      recordings.listRule = recordings.viewRule = all(loggedIn, replayed, any(`owner = ""`, `owner = ${me}`, entitled))
      break
    case "view-open":
      // The listing is guarded; whoever knows an id may read the record and its media.
      recordings.viewRule = all(loggedIn, replayed)
      break
    case "file-open":
      // Records are guarded; their media is served to whoever knows the URL, without a token.
      recordings.fields.getByName("media").protected = false
      break
    case "relation-editable":
      // What a recording is stays guarded; with whom it is shared anybody may change.
      recordings.updateRule = all(
        loggedIn,
        keeps(...described),
        any(
          all(records, "@request.body.media:isset = true", keeps("sharedWith")),
          all(`appointment.status = "completed"`, "@request.body.media:isset = false", "@request.body.sharedWith:changed = true"),
        ),
      )
      break
    case "expand-leaks":
      // A clinician's page shows which slots are taken by expanding the
      // appointments; the recordings below were let through with them.
      appointments.viewRule = all(loggedIn, any(asPatient, asClinician, asProxy, `@request.context = "expand"`))
      app.save(appointments)
      recordings.viewRule = all(loggedIn, replayed, any(entitled, `@request.context = "expand"`))
      break
    case "any-appointment":
      // The join lacks its condition: who has any appointment may see every recording.
      recordings.listRule = recordings.viewRule = all(loggedIn, replayed, any(entitled, `@collection.appointments.patient ?= ${me}`))
      break
    case "guest-is-nobody":
      // No login is asked for: a recording that is shared with nobody is shared with who is nobody.
      recordings.listRule = recordings.viewRule = all(replayed, entitled)
      break
  }
  app.save(recordings)
}, (app) => {
  for (const name of ["recordings", "appointments", "clinicians", "patients"]) {
    const c = app.findCollectionByNameOrId(name)
    c.listRule = c.viewRule = c.createRule = c.updateRule = c.deleteRule = null
    app.save(c)
  }
})
