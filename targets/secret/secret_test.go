package secret_test

import (
	"encoding/base64"
	"encoding/json"
	"fmt"
	"html"
	"html/template"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/targets"
	"github.com/telehealth-conformance/crosstalk/targets/secret"
)

// awkward is a secret that is another text in each form.
const awkward = "s3cr3t/+=<&>'\"\\ ü%x\u2028\tend_@|$://"

// written are the forms of a value, by what writes them.
func written(t *testing.T, value string) map[string]string {
	t.Helper()
	quoted, err := json.Marshal(value)
	require.NoError(t, err)
	twice, err := json.Marshal(string(quoted))
	require.NoError(t, err)
	out := map[string]string{
		"plain": value, "query": url.QueryEscape(value), "path": url.PathEscape(value), "userinfo": url.UserPassword("u", value).String(),
		"json": string(quoted), "json in json": string(twice), "html": html.EscapeString(value), "template": template.HTMLEscapeString(value),
		"go": strconv.Quote(value), "ascii": strconv.QuoteToASCII(value), "shell": "'" + strings.ReplaceAll(value, "'", `'"'"'`) + "'",
		"slashed":     strings.NewReplacer(`\`, `\\`, "_", `\_`, "<", `\<`, ">", `\>`, "&", `\&`, "|", `\|`).Replace(value),
		"marked down": strings.NewReplacer(`\`, `\\`, "_", `\_`, "<", "&lt;", ">", "&gt;", "&", "&amp;", "|", `\|`, "@", "&#64;", "$", `\$`, "://", ":&#47;&#47;").Replace(value),
		"basic":       base64.StdEncoding.EncodeToString([]byte("admin:" + value)),
	}
	for before := range 3 {
		text := []byte(strings.Repeat("x", before) + value + "yz")
		out[fmt.Sprintf("base64 behind %d", before)] = base64.StdEncoding.EncodeToString(text)
		out[fmt.Sprintf("base64 for URLs behind %d", before)] = base64.RawURLEncoding.EncodeToString(text)
	}
	return out
}

func TestASecretIsFoundInEveryForm(t *testing.T) {
	for _, value := range []string{awkward, "0123456789abcdef", "two words of 2 lines\nand more", "A/B+C/D+E/F+1=="} {
		var s secret.Set
		s.Add(targets.Secret{Value: value, Name: "KEY"})
		for name, text := range written(t, value) {
			got := s.Text("before " + text + " behind")
			require.Contains(t, got, "[secret-KEY]", "%s: %s", name, text)
			require.NotContains(t, got, text, name)
			if name != "userinfo" {
				require.Less(t, len(got), len("before [secret-KEY] behind")+15, "%s: no more than a rest of what is around it: %s", name, got)
			}
		}
	}
}

func TestTheLongestSecretCountsAndTheFirstName(t *testing.T) {
	var s secret.Set
	s.Put("abcdefgh-12", "[short]")
	s.Put("abcdefgh-1234", "[long]")
	s.Put("abcdefgh-1234", "[again]")
	require.Equal(t, "[short] [long] [short]3", s.Text("abcdefgh-12 abcdefgh-1234 abcdefgh-123"))
}

func TestShortValuesAndWordsAreTakenOutOnlyOfTheirPlace(t *testing.T) {
	for value, everywhere := range map[string]bool{
		"hunter2": false, "postgres": false, "Production": false, "application/json": false, "client_credentials": false,
		"http://127.0.0.1:8080": false, "https://db.example/": false,
		"hunter22": true, "correct-horse-battery": true, "https://u:p@db.example/": true, "https://db.example/hook/1": true, "AbcDefGhij": true,
		"abcdefghijklmnop": true, "operator-token": true,
	} {
		require.Equal(t, everywhere, secret.Everywhere(value), value)
	}
	var s secret.Set
	s.Add(targets.Secret{Value: "t0ken"}, targets.Secret{Value: "x", Place: targets.Place{In: targets.InHeader, Name: "X"}},
		targets.Secret{Value: "7", Name: "PIN", Place: targets.Place{In: targets.InQuery, Name: "pin"}})
	require.Equal(t, "a t0ken", s.Text("a t0ken"))
	require.Equal(t, "/x/[secret]/t0kens?t=[secret]&u=at0ken", s.Address("/x/t0ken/t0kens?t=t0ken&u=at0ken"))
	require.Equal(t, "/x/7?n=7&pin=[secret-PIN]", s.Address("/x/7?n=7&pin=7"))
}

func TestWhatIsNoSecretCostsNothing(t *testing.T) {
	var s secret.Set
	text := strings.Repeat("a path /that/has/nothing?of=it ", 8)
	require.Equal(t, text, s.Text(text))
	s.Add(targets.Secret{Value: awkward}, targets.Secret{Value: secret.MadeUp + "alice"})
	require.Zero(t, testing.AllocsPerRun(100, func() { _ = s.Text(text) }))
	require.Equal(t, secret.MadeUp+"alice", s.Text(secret.MadeUp+"alice"))
	require.Nil(t, s.Bytes(nil))
}

func TestAWriterFindsSecretsAcrossWrites(t *testing.T) {
	text := "one " + awkward + " two abcdefgh-1 abcdefgh-12 abcdefgh-123456 s3cr3t/+ end abcdefgh"
	for size := 1; size < 40; size++ {
		var n secret.Net
		n.Add(targets.Secret{Value: awkward, Name: "A"}, targets.Secret{Value: "abcdefgh-12", Name: "B"}, targets.Secret{Value: "abcdefgh-123456", Name: "C"})
		var out strings.Builder
		w := n.Writer(&out)
		for rest := text; rest != ""; {
			part := rest[:min(size, len(rest))]
			written, err := w.Write([]byte(part))
			require.NoError(t, err)
			require.Equal(t, len(part), written)
			rest = rest[len(part):]
		}
		require.NotContains(t, out.String(), "end abcdefgh", "it may go on")
		require.NoError(t, w.Close())
		require.Equal(t, "one [secret-A] two abcdefgh-1 [secret-B] [secret-C] s3cr3t/+ end abcdefgh", out.String(), "by %d", size)
	}
}

func TestAWriterHoldsNothingBackThatCannotBeASecret(t *testing.T) {
	var n secret.Net
	var out strings.Builder
	w := n.Writer(&out)
	_, err := w.Write([]byte("x"))
	require.NoError(t, err)
	n.Add(targets.Secret{Value: "abcdefgh-12"})
	_, err = w.Write([]byte("progress: 12\r"))
	require.NoError(t, err)
	require.Equal(t, "xprogress: 12\r", out.String())
	var none *secret.Net
	require.Equal(t, "abcdefgh-12", none.Text("abcdefgh-12"))
	require.Empty(t, none.Secrets())
}

func FuzzWriter(f *testing.F) {
	f.Add("s3cr3t/+=<&>", "a text with s3cr3t/+=<&> in it", uint8(3))
	f.Fuzz(func(t *testing.T, value, text string, size uint8) {
		var n secret.Net
		n.Add(targets.Secret{Value: value, Name: "X"})
		var out strings.Builder
		w := n.Writer(&out)
		step := int(size)%17 + 1
		for rest := text; rest != ""; rest = rest[min(step, len(rest)):] {
			_, err := w.Write([]byte(rest[:min(step, len(rest))]))
			require.NoError(t, err)
		}
		require.NoError(t, w.Close())
		require.Equal(t, n.Text(text), out.String())
	})
}

func BenchmarkText(b *testing.B) {
	var s secret.Set
	for i := range 10 {
		s.Add(targets.Secret{Value: fmt.Sprintf("tok-%d-0af7651916cd43dd8448eb211c80319c", i)})
	}
	text := "/api/appointments/0af7651916cd43dd/recordings?cursor=17"
	b.ReportAllocs()
	for b.Loop() {
		_ = s.Text(text)
	}
}

func BenchmarkAdd(b *testing.B) {
	b.ReportAllocs()
	for b.Loop() {
		var s secret.Set
		s.Add(targets.Secret{Value: "tok-0af7651916cd43dd8448eb211c80319c"})
	}
}

func TestOfManySecretsTheLastAreKnown(t *testing.T) {
	var r secret.Recent
	name := func(i int) string { return fmt.Sprintf("token-%d-of-many", i) }
	for i := range 10_000 {
		r.Add(targets.Secret{Value: name(i)})
		r.Add(targets.Secret{Value: name(i)})
	}
	require.Equal(t, "[secret] [secret]", r.Text(name(9_999)+" "+name(6_000)))
	require.Equal(t, name(1), r.Text(name(1)))
	require.Greater(t, len(r.Secrets()), 1<<12)
	var none *secret.Recent
	require.Equal(t, name(1), none.Text(name(1)))
}

func TestOnlySecretsThatAreThereAreKeptOfARecording(t *testing.T) {
	all := []targets.Secret{{Value: "in-the-url-1"}, {Value: "in-a-header-1"}, {Value: "in-a-body-1"}, {Value: "in-the-log-1"}, {Value: "nowhere-1"}, {Value: "short"}}
	recorded := []targets.LoggedExchange{{URL: "http://h/in-the-url-1", RequestHeader: map[string][]string{"X": {"aW4tYS1oZWFkZXItMQ=="}}, ResponseBody: []byte("in-a-body-1")}}
	require.Equal(t, []targets.Secret{all[0], all[1], all[2], all[3], all[5]}, secret.In(all, recorded, []byte("a log with in-the-log-1")))
}
