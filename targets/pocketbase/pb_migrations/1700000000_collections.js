/// <reference path="../pb_data/types.d.ts" />

// Who and what there is. Rules of access are in the migration after this one.
migrate((app) => {
  const person = [
    { name: "name", type: "text", required: true, max: 100 },
  ]
  const cost = parseInt($os.getenv("PB_PASSWORD_COST") || "10", 10)

  // account is a collection whose records can log in.
  function account(name, fields) {
    const c = new Collection({ type: "auth", name: name, fields: person.concat(fields) })
    c.authAlert.enabled = false
    app.save(c)
    c.fields.getByName("password").cost = cost
    return c
  }

  const patients = account("patients", [
    { name: "birthDate", type: "date", required: true },
    { name: "plan", type: "select", values: ["nhs", "bupa", "private"], required: true },
  ])
  patients.fields.add(new RelationField({ name: "proxies", collectionId: patients.id, maxSelect: 20 }))
  app.save(patients)
  const clinicians = account("clinicians", [])
  app.save(clinicians)

  const presence = ["absent", "present", "dropped"]
  const modes = ["audio", "video"]
  const appointments = new Collection({
    type: "base",
    name: "appointments",
    fields: [
      { name: "patient", type: "relation", collectionId: patients.id, required: true, cascadeDelete: true },
      { name: "clinician", type: "relation", collectionId: clinicians.id, required: true, cascadeDelete: true },
      { name: "slot", type: "number", required: true, onlyInt: true, min: 1 },
      { name: "reason", type: "text", required: true, max: 200 },
      { name: "mode", type: "select", values: modes, required: true },
      { name: "status", type: "select", values: ["booked", "live", "completed", "cancelled"], required: true },
      { name: "patientIs", type: "select", values: presence, required: true },
      { name: "clinicianIs", type: "select", values: presence, required: true },
    ],
    indexes: [
      // A slot is free again once its appointment was held or cancelled.
      "CREATE UNIQUE INDEX idx_appointments_slot ON appointments (clinician, slot) WHERE status = 'booked' OR status = 'live'",
      "CREATE INDEX idx_appointments_patient ON appointments (patient)",
    ],
  })
  app.save(appointments)

  // A recording is what was said in one stretch in one mode. Its media grows
  // while the consultation is live: PocketBase replaces files and cannot append
  // to one, so that each upload holds the whole stretch up to now.
  const recordings = new Collection({
    type: "base",
    name: "recordings",
    fields: [
      { name: "appointment", type: "relation", collectionId: appointments.id, required: true, cascadeDelete: true },
      // subject is the patient's id as shown with the replay; owner is the
      // account that holds it, which whoever records may leave empty.
      { name: "subject", type: "text", required: true },
      { name: "owner", type: "relation", collectionId: patients.id, cascadeDelete: true },
      { name: "title", type: "text", required: true, max: 200 },
      { name: "mode", type: "select", values: modes, required: true },
      { name: "segment", type: "number", required: true, onlyInt: true, min: 1 },
      { name: "media", type: "file", maxSelect: 1, maxSize: 1 << 20, required: true, protected: true },
      { name: "sharedWith", type: "relation", collectionId: patients.id, maxSelect: 100 },
    ],
    indexes: ["CREATE UNIQUE INDEX idx_recordings_segment ON recordings (appointment, segment)"],
  })
  app.save(recordings)
  // The recorder chooses the id, so that it can upload the same recording again.
  const id = recordings.fields.getByName("id")
  id.min = 3
  id.max = 40
  app.save(recordings)

  // features has one record: what the operator has switched on.
  const features = new Collection({ type: "base", name: "features", fields: [{ name: "replays", type: "bool" }] })
  app.save(features)
  const switches = new Record(features)
  switches.set("id", "allfeatures0000")
  switches.set("replays", true)
  app.save(switches)
}, (app) => {
  for (const name of ["features", "recordings", "appointments", "clinicians", "patients"]) {
    app.delete(app.findCollectionByNameOrId(name))
  }
})
