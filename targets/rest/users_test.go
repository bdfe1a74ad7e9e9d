package rest

import (
	"encoding/json"
	"io"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/models"
	"github.com/telehealth-conformance/crosstalk/targets/naming"
)

// told is what the service was asked.
type told struct {
	method, path, query, authorization, contentType, byteRange string
	body                                                       []byte
}

// records returns a handler that notes what it is asked and answers the same
// each time.
func records(status int, body string, into *told) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		got, _ := io.ReadAll(r.Body)
		*into = told{r.Method, r.URL.EscapedPath(), r.URL.RawQuery, r.Header.Get("Authorization"), r.Header.Get("Content-Type"), r.Header.Get("Range"), got}
		answers(status, body)(w, r)
	}
}

const registered = `{"id":"id-new","token":"a-new-token"}`

func TestPatientIsRegisteredWithAgeAndPlan(t *testing.T) {
	for name, test := range map[string]struct {
		op           models.Patient
		years        int
		plan, member string
	}{
		"an adult of the health service": {models.Patient{Name: "bob"}, 40, "nhs", ""},
		"a member of Bupa":               {models.Patient{Name: "bob", Plan: models.PlanBupa}, 40, "bupa", "w-bob"},
		"a private patient of fifteen":   {models.Patient{Name: "bob", Age: 15, Plan: models.PlanPrivate}, 15, "private", ""},
	} {
		t.Run(name, func(t *testing.T) {
			var got told
			w := worldOn(t, records(201, registered, &got))
			require.Equal(t, models.Response{Outcome: models.OK, Status: 201, Requests: 1}, apply(t, w, test.op))
			require.Equal(t, "POST /patients", got.method+" "+got.path)
			require.Empty(t, got.authorization)
			var body map[string]string
			require.NoError(t, json.Unmarshal(got.body, &body))
			require.Equal(t, time.Now().UTC().AddDate(-test.years, 0, -1).Format(time.DateOnly), body["birthDate"])
			require.Equal(t, test.plan, body["plan"])
			require.Equal(t, test.member, body["memberNumber"])
			require.Equal(t, "bob.w@crosstalk.example", body["email"])
			require.Equal(t, "id-new", w.users["bob"].id)
			require.Equal(t, body["email"], w.users["bob"].Email)
			require.Equal(t, "Bearer a-new-token", w.users["bob"].authorization)
			require.Equal(t, models.Handle("bob"), w.subject("id-new"))
		})
	}
}

func TestClinicianIsRegisteredByTheOperator(t *testing.T) {
	var got told
	w := worldOn(t, records(201, registered, &got))
	require.Equal(t, models.OK, apply(t, w, models.Clinician{Name: "dr2"}).Outcome)
	require.Equal(t, "POST /practitioners", got.method+" "+got.path)
	require.Equal(t, "Bearer operator", got.authorization)
	require.Equal(t, "application/json", got.contentType)
}

func TestARefusedRegistrationBindsNothing(t *testing.T) {
	w := worldOn(t, answers(422, `{"detail":"too young"}`))
	require.Equal(t, models.Response{Outcome: models.Invalid, Status: 422, Requests: 1, Reason: "too young", Detail: "too young"}, apply(t, w, models.Patient{Name: "bob"}))
	require.Nil(t, w.users["bob"])
}

func TestLoginReplacesTheTokenAndLogoutKeepsIt(t *testing.T) {
	var got told
	w := worldOn(t, records(201, `{"id":"id-alice","token":"second"}`, &got))
	require.Equal(t, models.OK, apply(t, w, models.Login{ByUser: asAlice}).Outcome)
	require.JSONEq(t, `{"email":"alice.w@crosstalk.example","password":"`+naming.PersonOf("w", "alice").Password+`"}`, string(got.body))
	require.Empty(t, got.authorization)
	for range 2 {
		require.Equal(t, models.OK, apply(t, w, models.Logout{ByUser: asAlice}).Outcome)
		require.Equal(t, "DELETE /sessions/current", got.method+" "+got.path)
		require.Equal(t, "Bearer second", got.authorization)
	}
}

// registration is what a service is told of a patient.
type registration struct{ Name, Email, Password, BirthDate string }

// registers performs a registration and returns what the service is told.
func registers(t *testing.T, w *World, got *told, op models.Patient) registration {
	t.Helper()
	require.Equal(t, models.OK, apply(t, w, op).Outcome)
	var told registration
	require.NoError(t, json.Unmarshal(got.body, &told))
	return told
}

func TestAnEMailAddressIsThatOfWhoeverFirstHadIt(t *testing.T) {
	var got told
	w := worldOn(t, records(201, registered, &got))
	bob := registers(t, w, &got, models.Patient{Name: "bob", Email: "alice"})
	require.Equal(t, "alice.w@crosstalk.example", bob.Email)
	require.Equal(t, "bob w", bob.Name)
	require.NotEqual(t, w.users["alice"].Password, bob.Password, "who had the address before cannot log in as them")
	carol := registers(t, w, &got, models.Patient{Name: "carol", Email: "bob"})
	require.Equal(t, "alice.w@crosstalk.example", carol.Email)
	require.Equal(t, models.OK, apply(t, w, models.Login{ByUser: models.ByUser{User: "carol"}}).Outcome)
	require.JSONEq(t, `{"email":"alice.w@crosstalk.example","password":"`+carol.Password+`"}`, string(got.body))
}

func TestANamesakeHasNameAndBirthDate(t *testing.T) {
	var got told
	w := worldOn(t, records(201, registered, &got))
	bob := registers(t, w, &got, models.Patient{Name: "bob", Age: 50})
	carol := registers(t, w, &got, models.Patient{Name: "carol", Like: "bob", Plan: models.PlanBupa})
	require.Equal(t, registration{bob.Name, "carol.w@crosstalk.example", naming.PersonOf("w", "carol").Password, bob.BirthDate}, carol)
	dave := registers(t, w, &got, models.Patient{Name: "dave", Like: "carol"})
	require.Equal(t, registration{bob.Name, "dave.w@crosstalk.example", naming.PersonOf("w", "dave").Password, bob.BirthDate}, dave)
	erin := registers(t, w, &got, models.Patient{Name: "erin", Like: "carol", Age: 15})
	require.NotEqual(t, bob.BirthDate, erin.BirthDate, "an age that is given counts more")
}
