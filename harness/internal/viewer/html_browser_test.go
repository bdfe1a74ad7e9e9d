package viewer_test

import (
	"fmt"
	"math"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness"
	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/golden"
	"github.com/telehealth-conformance/crosstalk/harness/internal/judge"
	"github.com/telehealth-conformance/crosstalk/harness/internal/reduce"
	"github.com/telehealth-conformance/crosstalk/harness/internal/samples"
	"github.com/telehealth-conformance/crosstalk/models"
)

func TestTheReportInABrowser(t *testing.T) {
	b := newBrowser(t)
	run := showcase(t)
	t.Run("story", func(t *testing.T) { seesTheStory(t, b, run) })
	t.Run("panel", func(t *testing.T) { opensSteps(t, b, run) })
	t.Run("scrub", func(t *testing.T) { scrubs(t, b, run) })
	t.Run("views", func(t *testing.T) { looksAtTheViews(t, b, run) })
	t.Run("theme", func(t *testing.T) { readsInLightAndDark(t, b, run) })
	t.Run("print", func(t *testing.T) { isPrintedWhole(t, b, run) })
	t.Run("long", func(t *testing.T) { opensALongTrace(t, b) })
	t.Run("hostile", func(t *testing.T) { isNotFooled(t, b, run) })
	t.Run("partial", func(t *testing.T) { showsPartialRuns(t, b) })
	t.Run("picture", func(t *testing.T) { isTheOneInREADME(t, b, run) })
}

// showcase is a whole run: a violation, its certificate, its record, a log.
func showcase(t *testing.T) evidence.Run {
	t.Helper()
	trace := samples.TraceOf(t, "switch-drops-filter")
	r := samples.Recorded(t, "switch-drops-filter", trace)
	m := r.Minimal
	m.Certificate = reduce.Certificate{Runs: reduce.Rate{Failed: 3, Runs: 3}, On: reduce.Fresh}
	for _, op := range trace.Ops {
		m.Certificate.Without = append(m.Certificate.Without, reduce.Omission{Op: op.String(), Also: 2, Runs: 1})
	}
	m.From, m.Replays, m.Requests = 132, 86, 3162
	last := m.Record.Exchanges[len(m.Record.Exchanges)-1]
	var log strings.Builder
	for i := range 300 {
		fmt.Fprintf(&log, "level=INFO msg=tick n=%d\n", i)
	}
	fmt.Fprintf(&log, "level=INFO msg=answered request=%s authorization=%q\n", last.ID, last.RequestHeader["Authorization"])
	log.WriteString("level=INFO msg=idle\n")
	m.Record.Logs = []byte(log.String())
	return r
}

func seesTheStory(t *testing.T, b *browser, run evidence.Run) {
	p := b.open(t, run, "")
	require.Equal(t, "VIOLATION", p.of(".pill"))
	require.Equal(t, "bob was presented with alice's recording b1.r1 in a listing.", p.of("h1"))
	require.Contains(t, p.of("#brief"), "1 recording of 1 patient to 1 viewer")
	require.Contains(t, p.of("#brief"), "crosstalk replay out/minimal.trace --fault x")
	require.Equal(t, "alice patient whose recording,bob patient was shown it,dr1 clinician",
		p.text(`[...document.querySelectorAll('.lane-label')].map(l => [...l.children].map(c => c.textContent).join(' '))`))
	require.Equal(t, 11, p.count(".step"))
	require.Equal(t, 1, p.count(".step.broken"))
	require.Equal(t, "LIST-1: was presented with b1.r1", p.of(".caption"))
	p.pointsFrom("alice", 6, "bob", 11)
	p.keep("light")
	p.run(theme("dark"))
	p.keep("dark")
	p.run(theme("light"), chromedp.EmulateViewport(420, 900))
	p.becomes("true", `document.querySelector('.lanes').scrollLeft > 0`)
	require.Empty(t, p.text(tooWide), "what is wider than a narrow window")
	p.keep("narrow")
}

// isTheOneInREADME takes the picture at the head of README.md.
func isTheOneInREADME(t *testing.T, b *browser, run evidence.Run) {
	p := b.open(t, run, "")
	taken, err := chromedp.Run(p.context, chromedp.CaptureScreenshot())
	require.NoError(t, err)
	golden.Picture(t, "report.png", taken)
}

// tooWide lists what reaches beyond the window, but for what scrolls by itself.
const tooWide = `[...document.querySelectorAll('body *')].filter(e => e.getBoundingClientRect().right > innerWidth + 1 &&
	!e.closest('.lanes, .lines, .wide, nav, pre, .line-to-copy code, .away, .skip')).map(e => e.tagName + '.' + e.getAttribute('class'))`

// pointsFrom requires that the one main arrow leads from a step to another, by
// what it says of itself and by where it is drawn.
func (p *tab) pointsFrom(from string, fromStep int, to string, toStep int) {
	p.t.Helper()
	require.Equal(p.t, 1, p.count(".arrow.main"))
	require.Equal(p.t, fmt.Sprint(from, fromStep, to, toStep), p.text(`(a => a.from + a.fromStep + a.to + a.toStep)(document.querySelector('.arrow.main').dataset)`))
	const distance = `((end, step) => {
		const arrow = document.querySelector('.arrow.main'), circle = document.querySelector('.step[data-step="' + step + '"] circle');
		const at = arrow.getPointAtLength(end * arrow.getTotalLength());
		return Math.hypot(at.x - circle.cx.baseVal.value, at.y - circle.cy.baseVal.value);
	})(%d, %d)`
	for end, step := range []int{fromStep, toStep} {
		require.Less(p.t, evaluated[float64](p, fmt.Sprintf(distance, end, step)), 30.0, "the arrow's end is at step %d", step)
	}
	const lane = `((step, actor) => {
		const circle = document.querySelector('.step[data-step="' + step + '"] circle').getBoundingClientRect();
		const label = document.querySelector('.lane-label[data-actor="' + actor + '"]').getBoundingClientRect();
		return circle.top > label.top && circle.bottom < label.bottom;
	})(%d, %q)`
	require.True(p.t, evaluated[bool](p, fmt.Sprintf(lane, fromStep, from)), "step %d is in the lane of %s", fromStep, from)
	require.True(p.t, evaluated[bool](p, fmt.Sprintf(lane, toStep, to)), "step %d is in the lane of %s", toStep, to)
}

func opensSteps(t *testing.T, b *browser, run evidence.Run) {
	p := b.open(t, run, "")
	require.Equal(t, "11", p.text(`document.getElementById('panel').dataset.step`), "the leak is open")
	require.Equal(t, "xk-"+string(run.Minimal.Record.History.World)+"-b1", p.of(".proof mark"))
	require.Positive(t, p.count(".message pre mark"), "the tag is marked in the answer's body")
	last := run.Minimal.Record.Exchanges[len(run.Minimal.Record.Exchanges)-1]
	require.Equal(t, last.ID+","+last.Traceparent, p.text(`[...document.querySelectorAll('#panel .ids .copy')].map(b => b.dataset.copies)`))
	p.click("#panel .ids .copy")
	require.Contains(t, p.text(`document.documentElement.outerHTML`), "[secret-")
	for _, x := range run.Minimal.Record.Exchanges {
		for _, token := range x.RequestHeader["Authorization"] {
			require.NotContains(t, p.text(`document.documentElement.outerHTML`), strings.TrimPrefix(token, "Bearer "))
		}
	}

	p.click("#close")
	p.becomes("true", `document.getElementById('panel').hidden`)
	p.click(`.step[data-step="7"]`)
	p.becomes("false 7 alice.leave(b1)", `(p => p.hidden + ' ' + p.dataset.step + ' ' + p.querySelector('dd:nth-of-type(2)').textContent)(document.getElementById('panel'))`)
	require.Equal(t, "b1.r1,b1", p.text(`[...document.querySelectorAll('.state tr.changed')].map(r => r.dataset.entity).sort().reverse()`), "the step ends a consultation, which is recorded")
	require.Equal(t, "#step=7", p.text(`location.hash`))

	p.press(kb.Escape)
	p.becomes("7", `document.activeElement.dataset.step`)
	p.press(kb.ArrowLeft, kb.Enter)
	require.Equal(t, "false 6", p.text(`(p => p.hidden + ' ' + p.dataset.step)(document.getElementById('panel'))`))
	require.Equal(t, "panel", p.text(`document.activeElement.id`))

	p.do(`location.hash = '#step=4'`)
	p.becomes("4", `document.getElementById('panel').dataset.step`)
	require.Equal(t, "4", p.text(`document.querySelector('.step[aria-current]').dataset.step`))
	p.do(`location.hash = '#trace=found&step=2'`)
	p.becomes("true", `document.querySelector('[data-trace=found]').getAttribute('aria-pressed')`)
	require.Equal(t, "2", p.text(`document.getElementById('panel').dataset.step`))
}

func scrubs(t *testing.T, b *browser, run evidence.Run) {
	p := b.open(t, run, "#step=11")
	at := func(want string) {
		t.Helper()
		p.becomes(want, `document.querySelector('.step.current').dataset.step + ' ' + document.getElementById('slider').value`)
	}
	differing := func() string {
		return p.text(`[...document.querySelectorAll('#compare tr.differs')].map(r => r.innerText.replace(/\s+/g, ' ').trim())`)
	}
	at("11 11")
	require.Equal(t, "b1.r1 not shown ≠ shown, alice's,total 0 ≠ 1", differing())
	p.press(kb.ArrowLeft)
	at("10 10")
	require.Empty(t, differing())
	require.Equal(t, 1, p.count(".arrow.later"), "the arrow is still to come")
	p.press(kb.Home)
	at("1 1")
	p.press(kb.ArrowRight, kb.ArrowRight)
	at("3 3")
	p.press(kb.End)
	at("11 11")
	// As a browser sends it: chromedp's own also scrolls, prevented or not.
	const space = `document.body.dispatchEvent(new KeyboardEvent('keydown', {key: ' ', bubbles: true, cancelable: true}))`
	p.do(space)
	p.becomes("Pause", `document.getElementById('play').getAttribute('aria-label')`)
	p.becomes("true", `document.getElementById('slider').value < 11`) // behind the last step it begins anew
	p.do(space)
	p.becomes("Play", `document.getElementById('play').getAttribute('aria-label')`)
	require.Equal(t, "false", p.text(space), "the page does not scroll")
	p.do(space)
	p.do(`document.getElementById('slider').value = 5; document.getElementById('slider').dispatchEvent(new Event('input'))`)
	at("5 5")
	p.click("#forth")
	at("6 6")
	p.click(`[data-line="8"]`)
	at("8 8")
	require.Contains(t, p.of("#said"), "step 8: b2 = bob.book(dr1, audio, slot=2), answered ok")
}

func looksAtTheViews(t *testing.T, b *browser, run evidence.Run) {
	p := b.open(t, run, "#rule=LIST-1")
	require.Equal(t, "LIST-1", p.text(`document.activeElement.dataset.rule`))
	require.Contains(t, p.of("tr.asked"), "fail")
	require.Equal(t, len(models.Rules()), p.count("[data-rule]"))
	p.keep("rules")

	p.press("2")
	require.Equal(t, "#view=exposure", p.text(`location.hash`))
	cell := func(subject, recipient string) string {
		return p.of(fmt.Sprintf(`.matrix [data-subject=%q][data-recipient=%q]`, subject, recipient))
	}
	require.Equal(t, []string{"2 presented", "own", "–", "–"}, []string{cell("alice", "bob"), cell("alice", "alice"), cell("alice", "dr1"), cell("bob", "alice")})
	p.keep("exposure")

	p.press("4")
	require.Contains(t, p.of("#view-coverage"), "0 traces in which the same patient listed")
	require.Equal(t, "2", p.of(`.operations tr[data-kind="patient"] td`))
	require.Equal(t, "1", p.of(`.pairs td[title="switch, then list: 1"]`))
	p.keep("coverage")

	p.press("5")
	require.Equal(t, 1, p.count(".log-line.hit"))
	require.Contains(t, p.of(".log-line.hit"), "authorization=[\"Bearer [secret-")
	require.Equal(t, 42, p.count(".log-line"), "the lines around it")
	p.keep("log")

	p.press("6")
	require.Contains(t, p.of("#view-certificate"), "3 of 3 fresh runs")
	require.Contains(t, p.of("#view-certificate"), "Each run was on a fresh service.")
	require.Contains(t, p.of("#view-certificate"), "does not show, 1 run")
	require.Equal(t, 11, p.count("#view-certificate tbody tr"))
	p.keep("certificate")
	p.press("7")
	require.Contains(t, p.of("#view-run"), "from 132 to 11 operations in 86 replays, 3,162 requests")
	p.keep("run")

	p.press("?")
	require.True(t, evaluated[bool](p, `document.getElementById('keys').open`))
	require.Contains(t, p.of("#keys"), "Home End")
	p.press(kb.Escape)
	require.False(t, evaluated[bool](p, `document.getElementById('keys').open`))
	require.Equal(t, 1, p.count(`[role=tab][tabindex="0"]`))
}

// faint lists the visible texts whose contrast to what is behind them is less
// than 4.5:1 (WCAG 2.2, 1.4.3).
const faint = `(() => {
	const pen = document.createElement('canvas').getContext('2d', {willReadFrequently: true});
	const known = {}, painted = colour => { pen.clearRect(0, 0, 1, 1); pen.fillStyle = colour; pen.fillRect(0, 0, 1, 1); return [...pen.getImageData(0, 0, 1, 1).data]; };
	const rgba = colour => known[colour] ??= painted(colour);
	const over = (top, below) => top.slice(0, 3).map((c, i) => c * top[3] / 255 + below[i] * (1 - top[3] / 255));
	const behind = e => e ? over(rgba(getComputedStyle(e).backgroundColor), behind(e.parentElement)) : rgba('white');
	const luminance = c => c.slice(0, 3).map(v => v / 255).map(v => v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4).reduce((sum, v, i) => sum + v * [.2126, .7152, .0722][i], 0);
	const out = [];
	for (const e of document.querySelectorAll('body *')) {
		const own = [...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim());
		if (!own || e.closest('script, style, noscript, svg, .away, .skip, [hidden], dialog:not([open])') || !e.getClientRects().length) continue;
		const ground = behind(e), text = over(rgba(getComputedStyle(e).color), ground);
		const [a, b] = [luminance(text), luminance(ground)].sort((x, y) => y - x);
		if ((a + .05) / (b + .05) < 4.5) out.push(e.tagName + '.' + e.className + ' ' + e.textContent.slice(0, 30) + ' ' + ((a + .05) / (b + .05)).toFixed(2));
	}
	return out.join('\n');
})()`

func readsInLightAndDark(t *testing.T, b *browser, run evidence.Run) {
	p := b.open(t, run, "")
	const background = `getComputedStyle(document.documentElement).backgroundColor`
	light := p.text(background)
	p.run(theme("dark"))
	dark := p.text(background)
	require.NotEqual(t, light, dark, "the page follows the system")
	p.click("#theme")
	p.becomes(light, background)
	p.press("d")
	p.becomes(dark, background)
	for _, name := range []string{"light", "dark"} {
		p.do(`document.documentElement.dataset.theme = ` + quote(name))
		require.Empty(t, p.text(`[...document.querySelectorAll('[role=tab]')].map(tab => { tab.click(); return `+faint+`; }).filter(Boolean).join()`), name)
		p.keep(name)
	}
}

// isPrintedWhole looks at the page as it is printed.
func isPrintedWhole(t *testing.T, b *browser, run evidence.Run) {
	p := b.open(t, run, "")
	p.run(called(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Media: "print"}))
	p.do(`dispatchEvent(new Event('beforeprint'))`)
	visible := func(selector string) int {
		return evaluated[int](p, "[...document.querySelectorAll("+quote(selector)+")].filter(e => e.getClientRects().length).length")
	}
	require.Equal(t, 7, visible(".view"), "every view is printed")
	require.Equal(t, 0, visible("[role=tab]"))
	require.Equal(t, 11, visible(".line"))
	p.keep("print")
}

// long is a run that found what a trace of many steps shows in its last.
func long(t *testing.T, steps int) evidence.Run {
	t.Helper()
	var text strings.Builder
	text.WriteString(samples.Leaky[:strings.Index(samples.Leaky, "alice.list")])
	for n := strings.Count(text.String(), "\n"); n < steps-1; n++ {
		switch n % 4 {
		case 0:
			text.WriteString("bob.list()\n")
		case 1:
			text.WriteString("bob.get(b1.r1)\n")
		case 2:
			fmt.Fprintf(&text, "b%d = alice.book(dr1, audio, slot=%d)\n", n, n)
		case 3:
			text.WriteString("alice.play(b1.r1)\n")
		}
	}
	text.WriteString("alice.export()\n")
	trace, j := samples.Judged(t, text.String(), func(c models.Call, r *models.Response) {
		if c.Step == steps {
			r.Listing = &models.Listing{Rows: []models.Row{samples.Bobs}, Pages: 1}
		}
	})
	require.NotEmpty(t, j.Verdict.Violations)
	v, _ := j.Verdict.Gravest()
	r := samples.RunOf(j)
	r.Found = &harness.Found{Trace: trace, Violation: v, History: j.History, Verdict: j.Verdict, Reproduced: true}
	r.Minimal = &reduce.Minimal{Trace: trace, Violation: v, History: j.History, Verdict: j.Verdict, From: steps}
	return r
}

func opensALongTrace(t *testing.T, b *browser) {
	const steps = 2000
	p := b.open(t, long(t, steps), "")
	t.Logf("2,000 steps are ready %s ms after the navigation began, with %d elements", p.text(`document.documentElement.dataset.ready`), p.count("*"))
	require.Less(t, p.count("*"), 1500, "few elements")
	require.Less(t, p.count(".step"), 40, "only the steps in sight")
	require.Equal(t, "2000", p.text(`document.querySelector('.step.current').dataset.step`))
	require.Equal(t, 1, p.count(`.step[data-step="2000"]`))
	require.Contains(t, p.text(`(a => a.from + ' ' + a.fromStep + ' ' + a.to + ' ' + a.toStep)(document.querySelector('.arrow.main').dataset)`), "bob 6 alice 2000")
	p.keep("end")
	p.press(kb.Home)
	p.becomes("true", `document.querySelector('.lanes').scrollLeft < 200 && document.querySelector('.step[data-step="1"]') !== null && document.querySelector('.step[data-step="2000"]') === null`)
	require.Less(t, p.count(".step"), 40)
	require.Less(t, p.count(".line"), 80)
	took := evaluated[float64](p, `(() => { const from = performance.now(); for (let n = 0; n < 20; n++) { document.getElementById('slider').value = 1 + 99 * n; document.getElementById('slider').dispatchEvent(new Event('input')); } return (performance.now() - from) / 20; })()`)
	t.Logf("a step of scrubbing takes %.1f ms", math.Round(took*10)/10)
}

// tricky is what the page must show as it is.
const tricky = `</script><img src=x onerror="window.fooled=1"><!--<script>fooled=1</script>` + "\u2028'\"`${fooled=1}"

func isNotFooled(t *testing.T, b *browser, run evidence.Run) {
	r := run
	m, record, found := *run.Minimal, *run.Minimal.Record, *run.Found
	m.Record, r.Minimal, r.Found = &record, &m, &found
	m.Violation.Message, r.Target, r.Dir = tricky, tricky, tricky
	m.Certificate.Without = []reduce.Omission{{Op: tricky, Runs: 1}}
	verdict := record.Verdict
	verdict.Violations = append([]models.Violation(nil), verdict.Violations...)
	verdict.Violations[0].Message = tricky
	record.Verdict = verdict
	record.Logs = []byte(tricky + "\n" + tricky)
	for i := range record.Exchanges {
		x := &record.Exchanges[i]
		x.ResponseBody, x.Path = []byte(`{"title": `+quote(tricky)+`}`), tricky
		x.ResponseHeader = map[string][]string{tricky: {tricky}}
	}
	rules := append([]judge.RuleResult(nil), r.Rules...)
	rules[0].Known, rules[0].Sentence = tricky, tricky
	r.Rules = rules
	p := b.open(t, r, "")
	require.Equal(t, "story,rules,logs,certificate,run", p.text(`[...document.querySelectorAll('[role=tab]')].filter(tab => {
		tab.click();
		return document.getElementById('views').innerText.includes('onerror="window.fooled=1"');
	}).map(tab => tab.id.slice(4))`), "it is shown as it is")
	require.Equal(t, 0, p.count("img"))
	require.Equal(t, 2, p.count("script"), "the data and the page's own")
	require.Equal(t, "undefined", p.text(`typeof fooled`))
	require.Equal(t, "null", p.text(`document.querySelector('[onerror]')`))
}

// everyView looks at each view and says if it is the only one, and not empty.
const everyView = `[...document.querySelectorAll('[role=tab]')].map(tab => {
	tab.click();
	const open = document.querySelectorAll('.view:not([hidden])');
	return open.length === 1 && open[0].innerText.length > 0;
})`

func showsPartialRuns(t *testing.T, b *browser) {
	found := samples.Violated(t)
	found.Minimal = nil
	killed := evidence.Run{Result: harness.Result{Target: "clinic", Verdict: judge.Inconclusive}, End: evidence.Running}
	_, j := samples.Judged(t, samples.Leaky, nil)
	clean := samples.RunOf(j)
	failed := clean
	failed.End, failed.Problem = evidence.Failed, "the service went away"
	p := b.open(t, killed, "")
	for name, c := range map[string]struct {
		run     evidence.Run
		pill    string
		heading string
		traces  int
	}{
		"not reduced":    {found, "VIOLATION", "alice was presented with bob's recording b1.r1 in a listing.", 8},
		"not recorded":   {samples.Violated(t), "VIOLATION", "alice was presented with bob's recording b1.r1 in a listing.", 8},
		"not reproduced": {samples.Unreproduced(t), "VIOLATION", "alice was presented with recording b2 of carol of trace 3 in a listing.", 8},
		"killed":         {killed, "INCOMPLETE", "clinic: no violation was found in 0 traces, 0 operations, 0 requests so far", 0},
		"failed":         {failed, "INCOMPLETE", "clinic: no violation was found in 1,234 traces, 34,567 operations, 45,678 requests so far", 0},
		"clean":          {clean, "CONFORMANT", "clinic: no violation was found in 1,234 traces, 34,567 operations, 45,678 requests", 0},
	} {
		p.show(c.run, "")
		require.Equal(t, c.pill, p.of(".pill"), name)
		require.Equal(t, c.heading, p.of("h1"), name)
		require.Equal(t, c.traces, p.count(".step"), name)
		require.Equal(t, "true,true,true,true,true,true,true", p.text(everyView), "each view shows something: %s", name)
		p.press("1", " ", kb.Home, "t", kb.Enter)
	}
}
