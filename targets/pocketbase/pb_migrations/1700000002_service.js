/// <reference path="../pb_data/types.d.ts" />

// Settings of the service, and the operator, who is a superuser.
migrate((app) => {
  const settings = app.settings()
  settings.meta.appName = "Consultation Replays"
  settings.batch.enabled = true
  settings.logs.maxDays = 0
  app.save(settings)

  const email = $os.getenv("PB_SUPERUSER")
  const password = $os.getenv("PB_PASSWORD")
  if (!email || !password) {
    return
  }
  const operators = app.findCollectionByNameOrId("_superusers")
  operators.fields.getByName("password").cost = parseInt($os.getenv("PB_PASSWORD_COST") || "10", 10)
  app.save(operators)
  const operator = new Record(operators)
  operator.set("email", email)
  operator.set("password", password)
  app.save(operator)
})
