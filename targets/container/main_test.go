package container

import (
	"bufio"
	"context"
	"fmt"
	"io"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/moby/moby/client"
	"github.com/stretchr/testify/require"
)

const (
	// childImage makes the test binary a run of its own: it starts a container from that image, and another beside it, and
	// holds both until its standard input ends.
	childImage = "CROSSTALK_TEST_CHILD_IMAGE"
	// childProbe makes it report whether there is an engine.
	childProbe = "CROSSTALK_TEST_CHILD_PROBE"

	eventually = 10 * time.Second
	tick       = 10 * time.Millisecond
)

func TestMain(m *testing.M) {
	if image := os.Getenv(childImage); image != "" {
		os.Exit(childRun(image))
	}
	if os.Getenv(childProbe) != "" {
		fmt.Println(SkipReason(context.Background()))
		os.Exit(0)
	}
	code := m.Run()
	tidyUp()
	os.Exit(code)
}

// tidyUp removes what the tests share.
func tidyUp() {
	if binary, err := binaryOnce(); err == nil {
		os.RemoveAll(filepath.Dir(binary))
	}
	if engine, err := open(context.Background()); err == nil {
		prune(context.Background(), engine, selftest(), "", 0)
		engine.Close()
	}
}

// childRun prints the id of the container it holds.
func childRun(image string) int {
	instance, err := Run(context.Background(), Options{Image: image, Services: []Service{besides("db", image)}})
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer instance.Close()
	fmt.Println(instance.ID)
	_, _ = io.Copy(io.Discard, os.Stdin)
	return 0
}

// besides is a service that only accepts connections.
func besides(name, image string) Service {
	return Service{name, Options{Image: image, Env: map[string]string{"LISTEN": "tcp"}, Ready: Ready{TCP: true}}}
}

// requireEngine skips the test where there is no engine, or fails it where one is required.
func requireEngine(t *testing.T) {
	t.Helper()
	reason, required := SkipReason(t.Context())
	if reason == "" {
		return
	}
	if required {
		t.Fatal(reason)
	}
	t.Skip(reason)
}

// selftest names the images of this process, so that test processes side by side do not remove each other's.
func selftest() string { return fmt.Sprintf("selftest-%d", os.Getpid()) }

// serverImage returns an image of the test service, built once for all tests of this process.
func serverImage(t *testing.T) string {
	t.Helper()
	requireEngine(t)
	image, err := imageOnce()
	require.NoError(t, err)
	return image.Ref
}

var imageOnce = sync.OnceValues(func() (Image, error) {
	binary, err := binaryOnce()
	if err != nil {
		return Image{}, err
	}
	return BuildStatic(context.Background(), binary, selftest())
})

// serverBinary returns the file name of the test service, compiled once without cgo.
func serverBinary(t *testing.T) string {
	t.Helper()
	binary, err := binaryOnce()
	require.NoError(t, err)
	return binary
}

var binaryOnce = sync.OnceValues(func() (string, error) {
	dir, err := os.MkdirTemp("", "crosstalk-selftest-")
	if err != nil {
		return "", err
	}
	binary := filepath.Join(dir, "server")
	build := exec.Command("go", "build", "-o", binary, "./testdata/server")
	build.Env = append(os.Environ(), "CGO_ENABLED=0", "GOOS=linux")
	if out, err := build.CombinedOutput(); err != nil {
		return "", fmt.Errorf("build test service: %w: %s", err, out)
	}
	return binary, nil
})

// testEngine returns a client that is closed with the test.
func testEngine(t *testing.T) *client.Client {
	t.Helper()
	engine, err := open(t.Context())
	require.NoError(t, err)
	t.Cleanup(func() { engine.Close() })
	return engine
}

// containersOf lists the ids of the containers of a run, running or not.
func containersOf(t *testing.T, run string) []string {
	t.Helper()
	return containersWith(t, labelRun+"="+run)
}

func containersWith(t *testing.T, label string) []string {
	t.Helper()
	options := client.ContainerListOptions{All: true, Filters: make(client.Filters).Add("label", label)}
	found, err := testEngine(t).ContainerList(context.Background(), options)
	require.NoError(t, err)
	ids := []string{}
	for _, container := range found.Items {
		ids = append(ids, container.ID)
	}
	return ids
}

// networksOf lists the ids of the networks of a run.
func networksOf(t *testing.T, run string) []string {
	t.Helper()
	return networksWith(t, labelRun+"="+run)
}

func networksWith(t *testing.T, label string) []string {
	t.Helper()
	options := client.NetworkListOptions{Filters: make(client.Filters).Add("label", label)}
	found, err := testEngine(t).NetworkList(context.Background(), options)
	require.NoError(t, err)
	ids := []string{}
	for _, network := range found.Items {
		ids = append(ids, network.ID)
	}
	return ids
}

func requireNothingLeft(t *testing.T, run string) {
	t.Helper()
	require.Empty(t, containersOf(t, run))
	require.Empty(t, networksOf(t, run))
}

// newTestFleet returns a fleet named after the test, and its run id; it is closed with the test.
func newTestFleet(t *testing.T) (*Fleet, string) {
	t.Helper()
	run := fmt.Sprintf("%s-%d", strings.ToLower(strings.NewReplacer("/", "-", "_", "-", "#", "-").Replace(t.Name())), os.Getpid())
	fleet := NewFleet(run, nil)
	t.Cleanup(func() { require.NoError(t, fleet.Close()) })
	return fleet, run
}

// get returns the status that the service answers.
func get(t *testing.T, url string) int {
	t.Helper()
	response, err := (&http.Client{Timeout: 5 * time.Second}).Get(url)
	require.NoError(t, err)
	response.Body.Close()
	return response.StatusCode
}

// startChild runs this test binary as a run of its own and returns it with the id of the container it holds. The child ends
// when its standard input is closed, at the latest with the test.
func startChild(t *testing.T, image string) (child *exec.Cmd, id string) {
	t.Helper()
	child = exec.Command(os.Args[0])
	child.Env = append(os.Environ(), childImage+"="+image)
	child.Stderr = os.Stderr
	input, err := child.StdinPipe()
	require.NoError(t, err)
	output, err := child.StdoutPipe()
	require.NoError(t, err)
	require.NoError(t, child.Start())
	t.Cleanup(func() {
		input.Close()
		_ = child.Wait()
	})
	line, err := bufio.NewReader(output).ReadString('\n')
	require.NoError(t, err)
	return child, strings.TrimSpace(line)
}
