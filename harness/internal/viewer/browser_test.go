package viewer_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/cdproto/log"
	"github.com/chromedp/cdproto/network"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/chromedp"
	"github.com/stretchr/testify/require"

	"github.com/telehealth-conformance/crosstalk/harness/internal/evidence"
	"github.com/telehealth-conformance/crosstalk/harness/internal/viewer"
)

// browserNames are commands under which Chromium is installed.
var browserNames = []string{"chromium", "chromium-browser", "google-chrome", "chrome"}

// browser is one browser process, in which each page is a tab of its own.
type browser struct {
	context context.Context
	dir     string // of the pages
}

// newBrowser starts a browser. The test is skipped where there is none, unless
// CROSSTALK_REQUIRE_BROWSER or CROSSTALK_REQUIRE_DOCKER, as in CI, demand one.
func newBrowser(t *testing.T) *browser {
	t.Helper()
	path := ""
	for _, name := range browserNames {
		if found, err := exec.LookPath(name); err == nil {
			path = found
			break
		}
	}
	if path == "" {
		for _, name := range []string{"CROSSTALK_REQUIRE_BROWSER", "CROSSTALK_REQUIRE_DOCKER"} {
			require.Empty(t, os.Getenv(name), "no browser: install chromium, as make browser does")
		}
		t.Skip("no browser: install chromium, as make browser does, to test report.html in it")
	}
	options := append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(path), chromedp.NoSandbox, chromedp.DisableGPU)
	allocator, endAllocator := chromedp.NewExecAllocator(context.Background(), options...)
	ctx, end := chromedp.NewContext(allocator)
	t.Cleanup(func() { end(); endAllocator() })
	require.NoError(t, chromedp.Do(ctx), "the browser starts")
	return &browser{ctx, t.TempDir()}
}

// tab is a page that is open in the browser.
type tab struct {
	t       *testing.T
	context context.Context
	dir     string // of the pages

	mu       sync.Mutex
	requests []string // that were not for the page itself
	errors   []string // of the console
}

// open opens the report of a run in a tab of its own. When the test ends the page
// must have sent no request and made no error.
func (b *browser) open(t *testing.T, r evidence.Run, hash string) *tab {
	t.Helper()
	p := &tab{t: t, dir: b.dir}
	ctx, end := chromedp.NewContext(b.context, chromedp.WithListener(p.listen))
	ctx, cancel := context.WithTimeout(ctx, 2*time.Minute)
	p.context = ctx
	t.Cleanup(func() {
		p.keep()
		cancel()
		end()
		p.mu.Lock()
		defer p.mu.Unlock()
		require.Empty(t, p.requests, "requests leave the page")
		require.Empty(t, p.errors, "errors of the console")
	})
	p.run(called(network.Enable, network.EnableParams{}), called(log.Enable, cdp.Empty{}), chromedp.EmulateViewport(1360, 900), theme("light"))
	p.show(r, hash)
	return p
}

// show writes the report of a run and opens it in the tab.
func (p *tab) show(r evidence.Run, hash string) {
	p.t.Helper()
	out, err := os.CreateTemp(p.dir, "*.html")
	require.NoError(p.t, err)
	require.NoError(p.t, viewer.HTML(out, &r))
	require.NoError(p.t, out.Close())
	p.run(chromedp.Navigate("file://" + out.Name() + hash))
	require.NotEqual(p.t, "undefined", p.text(`document.documentElement.dataset.ready`), "the script came to its end")
}

// called is a command of the protocol as an action.
func called[P, R any](command cdp.Command[P, R], params P) chromedp.Action[chromedp.Void] {
	return chromedp.Func(func(ctx context.Context, _ *chromedp.Target) error {
		_, err := chromedp.Call(ctx, command, params)
		return err
	})
}

func (p *tab) listen(event any) {
	p.mu.Lock()
	defer p.mu.Unlock()
	switch e := event.(type) {
	case *network.EventRequestWillBeSent:
		if !strings.HasPrefix(e.Request.URL, "file://"+p.dir) {
			p.requests = append(p.requests, e.Request.URL)
		}
	case *runtime.EventExceptionThrown:
		p.errors = append(p.errors, fmt.Sprintf("%+v", e.ExceptionDetails.Exception))
	case *runtime.EventConsoleAPICalled:
		p.errors = append(p.errors, fmt.Sprintf("%s %+v", e.Type, e.Args))
	case *log.EventEntryAdded:
		p.errors = append(p.errors, e.Entry.Text)
	}
}

func (p *tab) run(steps ...chromedp.Action[chromedp.Void]) {
	p.t.Helper()
	require.NoError(p.t, chromedp.Do(p.context, steps...))
}

// evaluated is the value of an expression in the page.
func evaluated[T any](p *tab, expression string) T {
	p.t.Helper()
	out, err := chromedp.Run(p.context, chromedp.Evaluate[T](expression))
	require.NoError(p.t, err, expression)
	return out
}

// do evaluates an expression for what it does.
func (p *tab) do(expression string) {
	p.t.Helper()
	p.run(chromedp.Evaluate[chromedp.Void](expression))
}

// text is the value of an expression as a string.
func (p *tab) text(expression string) string {
	p.t.Helper()
	return evaluated[string](p, "String("+expression+")")
}

// of is the text of the first element that a selector finds.
func (p *tab) of(selector string) string {
	p.t.Helper()
	return p.text("(document.querySelector(" + quote(selector) + ") || {textContent: 'no ' + " + quote(selector) + "}).textContent")
}

// count is the number of elements that a selector finds.
func (p *tab) count(selector string) int {
	p.t.Helper()
	return evaluated[int](p, "document.querySelectorAll("+quote(selector)+").length")
}

func quote(s string) string {
	out, _ := json.Marshal(s)
	return string(out)
}

func (p *tab) click(selector string) {
	p.t.Helper()
	p.run(chromedp.Click(chromedp.CSS(selector)))
}

func (p *tab) press(keys ...string) {
	p.t.Helper()
	for _, k := range keys {
		p.run(chromedp.KeyEvent(k))
	}
}

// becomes waits until an expression has a value, as a string.
func (p *tab) becomes(value, expression string) {
	p.t.Helper()
	_, err := chromedp.Run(p.context, chromedp.Poll[bool]("String("+expression+") === "+quote(value), chromedp.WithPollingTimeout(10*time.Second)))
	require.NoError(p.t, err, "%s is %s and does not become %s", expression, p.text(expression), value)
}

// theme is what the system prefers.
func theme(name string) chromedp.Action[chromedp.Void] {
	return called(emulation.SetEmulatedMedia, emulation.SetEmulatedMediaParams{Features: []*emulation.MediaFeature{{Name: "prefers-color-scheme", Value: name}}})
}

// keep writes a picture of the page where it is asked for, or the test failed.
func (p *tab) keep(parts ...string) {
	dir := os.Getenv("CROSSTALK_SCREENSHOTS")
	if dir == "" && !p.t.Failed() {
		return
	}
	if dir == "" {
		dir = p.t.ArtifactDir()
	}
	picture, err := chromedp.Run(p.context, chromedp.FullScreenshot(100))
	if err != nil {
		p.t.Log("no picture:", err)
		return
	}
	name := strings.Join(append([]string{strings.NewReplacer("/", "-", " ", "-").Replace(p.t.Name())}, parts...), "-") + ".png"
	require.NoError(p.t, os.MkdirAll(dir, 0o755))
	require.NoError(p.t, os.WriteFile(filepath.Join(dir, name), picture, 0o644))
	p.t.Log("picture:", filepath.Join(dir, name))
}
