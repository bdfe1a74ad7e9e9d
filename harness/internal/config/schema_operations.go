package config

import (
	"maps"

	"github.com/telehealth-conformance/crosstalk/models"
)

// operationsSchema has a key for each kind of operation.
func operationsSchema() schema {
	properties := make(schema)
	for _, k := range models.Kinds() {
		properties[string(k)] = defined(definitionFor(k), models.Shape(k))
		if models.CredentialsFor(k) == models.NoRequest {
			properties[string(k)] = schema{"description": models.Shape(k), "not": schema{}, "errorMessage": "is described by target." + string(k)}
		}
	}
	s := object("How each operation is performed. What is absent is a missing capability.", properties)
	s["minProperties"] = 1
	return s
}

// A reading is a set of keys that say how an answer is read.
type reading struct {
	name string
	fits func(models.Kind) bool
	keys func() schema
}

// readings lists them, in the order of the names they give to definitions.
func readings() []reading {
	shows := func(some models.Parts) func(models.Kind) bool {
		return func(k models.Kind) bool { return models.Shows(k).Has(some) }
	}
	return []reading{
		{"Listing", shows(models.ShowsListing), listingKeys},
		{"Row", shows(models.ShowsRow), rowKeys},
		{"Content", shows(models.ShowsContent), contentKeys},
		{"Range", func(k models.Kind) bool { return models.Takes(k, "range") }, rangeKeys},
		{"Mode", func(k models.Kind) bool { return models.Takes(k, "mode") && !models.Optional(k, "mode") }, modeKeys},
		{"Audit", shows(models.ShowsAudit), auditKeys},
	}
}

// definitionFor names the definition of operations of a kind: those that answer
// the same share one.
func definitionFor(k models.Kind) string {
	name := "operation"
	for _, r := range readings() {
		if r.fits(k) {
			name += r.name
		}
	}
	return name
}

// operationDefinitions are those that operations of some kind need.
func operationDefinitions() schema {
	defs := schema{
		"row":       rowSchema(),
		"inSteps":   when(without("belongs into the steps", besidesPath()...), "steps"),
		"oneBody":   atMostOne("json", "form", "multipart", "raw"),
		"typedBody": schema{"if": someOf("json", "form", "raw", "steps"), "else": without("only goes with json, form or raw", "type")},
	}
	for _, k := range models.Kinds() {
		keys := sameKeys()
		for _, r := range readings() {
			if r.fits(k) {
				maps.Copy(keys, r.keys())
			}
		}
		keys["steps"] = list("Several requests. One that does not succeed ends the operation with its outcome; the answer is read from the last.", defined("step", "A request."))
		s := object("An operation of the service.", keys)
		s["allOf"] = []schema{exactlyOne("path", "url", "steps"), {"$ref": "#/$defs/inSteps"}, {"$ref": "#/$defs/oneBody"}, {"$ref": "#/$defs/typedBody"}}
		defs[definitionFor(k)] = s
	}
	return defs
}

func listingKeys() schema {
	return schema{
		"rows":  defined("jq", "jq to the rows."),
		"row":   schema{"$ref": "#/$defs/row"},
		"next":  defined("jq", "jq to the cursor of the next page, or to its URL."),
		"total": defined("jq", "jq to the number of rows of all pages."),
	}
}

func rowKeys() schema { return schema{"row": schema{"$ref": "#/$defs/row"}} }

func rowSchema() schema {
	return either("How a row is read: jq to an object that recording reads, or a mapping like recording.",
		schema{"$ref": "#/$defs/jq"}, recordingSchema("As recording, for this operation."))
}

func contentKeys() schema {
	return schema{"content": either("Where the content is: jq to text, or to texts to join. Default: the body.",
		schema{"$ref": "#/$defs/jq"},
		object("jq to the content, and how it is encoded.", schema{
			"jq":     defined("jq", "jq to text, or to texts to join."),
			"base64": toggle("Whether the text is base64.", false),
		}, "jq"))}
}

func rangeKeys() schema {
	return schema{"range": words("How a range is asked for: by the Range header, or not at all.", "header", "none").byDefault("header")}
}

func modeKeys() schema {
	return schema{"mode": words("The mode that it is always in, where no request names {{.mode}}.", models.Audio, models.Video).byDefault(models.Video)}
}

func auditKeys() schema {
	return schema{
		"rows": defined("jq", "jq to the entries."),
		"next": defined("jq", "jq to the cursor of the next page, or to its URL."),
		"access": object("How an entry is read.", schema{
			"who":       defined("jq", "jq to the id of who was shown a recording."),
			"whose":     defined("jq", "jq to the id of whose it is."),
			"recording": defined("jq", "jq to the id of the recording."),
			"level":     defined("jq", "jq that gives presented, previewed, viewed or obtained."),
		}),
	}
}

// idsSchema describes ids.
func idsSchema() schema {
	return object("What an id that never existed looks like. Default: like the ids that were seen.", schema{
		"recording": filled("uuid, integer, or a template with {{.random}}.", "uuid", "integer", "rec_{{.random}}"),
	})
}

// recordingSchema describes how a row is read.
func recordingSchema(description string) schema {
	s := named(description, schema{"$ref": "#/$defs/jq", "description": "jq on the row to what templates call {{.recording.NAME}}."})
	s["properties"] = schema{
		"id":      defined("jq", "jq to the recording's id."),
		"title":   defined("jq", "jq to the text that holds the tag of the booking."),
		"booking": defined("jq", "jq to the appointment's id, where rows carry no title of the booking."),
		"subject": defined("jq", "jq to the id of the patient whose it is; null names nobody."),
		"mode":    defined("jq", "jq that gives audio or video."),
		"segment": defined("jq", "jq to the number of the segment."),
		"size":    defined("jq", "jq to the size in bytes."),
		"url":     defined("jq", "jq to where it is played, {{.recording.url}}."),
	}
	return s
}

// encounterSchema describes how a consultation is read.
func encounterSchema() schema {
	return object("How an answer to join, drop, speak, switch, leave, end, cancel and reschedule is read.", schema{
		"status":     defined("jq", "jq that gives planned, in-progress, completed or cancelled."),
		"mode":       defined("jq", "jq that gives audio or video."),
		"segment":    defined("jq", "jq to the number of the segment."),
		"recordings": defined("jq", "jq to rows of recordings, learnt when the consultation is completed."),
	})
}
