package container

import (
	"archive/tar"
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/containerd/errdefs"
	"github.com/moby/moby/client"
	"github.com/moby/moby/client/pkg/jsonmessage"
)

const (
	// repository is where images of ours are named. No engine takes "localhost" for a registry of strangers, so a lost image
	// can never be replaced by somebody else's of the same name.
	repository = "localhost/crosstalk/"

	labelImage = labelPrefix + "image"

	// keepImage is how long an image that no container uses is kept: the run that built it may be between two containers.
	keepImage = time.Hour
)

// recipe is the Dockerfile. The user is a number because the image has no /etc/passwd; 65532 is what other images of this
// kind call "nonroot". The service can write to /data, its working directory, and to /tmp.
const recipe = `FROM scratch
COPY --chown=65532:65532 rootfs/ /
USER 65532:65532
ENV HOME=/data
WORKDIR /data
ENTRYPOINT ["/service"]
`

// An Image is an image that the engine has.
type Image struct {
	// Ref is what [Options.Image] takes: localhost/crosstalk/NAME:DIGEST.
	Ref string
	// Reused tells that the image was there already.
	Reused bool
}

// BuildStatic makes an image FROM scratch around one static Linux binary, and needs no registry for it. The binary is the
// entrypoint and runs as user 65532, so it has to listen on a port above 1023. It can write to /tmp and to /data, the working
// directory: a file database lives in /data, outlives a restart of the container and goes with the container. There is
// nothing else in the image: no shell, no certificates, no time zones, no users.
//
// The name says what the image holds ("clinic"): lower-case letters, digits and dashes. The tag is a digest of the content,
// so that an image is built once and then reused. Earlier images of the same name from this host that no container uses are
// removed, as far as that succeeds, once they are an hour old.
//
// A binary that the engine could not run gives an error that wraps [ErrNotStatic] and says what to do.
func BuildStatic(ctx context.Context, binary, name string) (Image, error) {
	engine, err := open(ctx)
	if err != nil {
		return Image{}, err
	}
	defer engine.Close()
	image, err := buildStatic(ctx, engine, binary, name)
	if err != nil {
		return Image{}, fmt.Errorf("build image from %s: %w", binary, err)
	}
	if !image.Reused {
		prune(ctx, engine, name, image.Ref, keepImage)
	}
	return image, nil
}

func buildStatic(ctx context.Context, engine *client.Client, binary, name string) (Image, error) {
	file, err := os.Open(binary)
	if err != nil {
		return Image{}, err
	}
	defer file.Close()
	version, err := engine.ServerVersion(ctx, client.ServerVersionOptions{})
	if err != nil {
		return Image{}, fmt.Errorf("ask engine for its architecture: %w", err)
	}
	if err := checkStatic(file, version.Os, version.Arch); err != nil {
		return Image{}, err
	}
	digest, err := digestOf(file)
	if err != nil {
		return Image{}, err
	}
	image := Image{Ref: repository + name + ":" + tagOf(digest)}
	_, err = engine.ImageInspect(ctx, image.Ref)
	if err == nil {
		image.Reused = true
		return image, nil
	}
	if !errdefs.IsNotFound(err) {
		return Image{}, fmt.Errorf("look for image: %w", err)
	}
	return image, build(ctx, engine, file, digest, image.Ref, name)
}

// digestOf returns the SHA-256 of the file's content.
func digestOf(file *os.File) ([]byte, error) {
	hash := sha256.New()
	if _, err := io.Copy(hash, io.NewSectionReader(file, 0, 1<<62)); err != nil {
		return nil, fmt.Errorf("read binary: %w", err)
	}
	return hash.Sum(nil), nil
}

// tagOf names the image by all that decides its content: the binary and the recipe.
func tagOf(binary []byte) string {
	sum := sha256.Sum256(append([]byte(recipe), binary...))
	return hex.EncodeToString(sum[:8])
}

// build streams the context to the engine while it is packed, so that the binary is never held in memory.
func build(ctx context.Context, engine *client.Client, file *os.File, digest []byte, ref, name string) error {
	labels, err := imageLabels(name)
	if err != nil {
		return err
	}
	reader, writer := io.Pipe()
	packed := make(chan error, 1)
	go func() {
		err := pack(writer, file, digest)
		writer.CloseWithError(err)
		packed <- err
	}()
	err = runBuild(ctx, engine, reader, client.ImageBuildOptions{
		Tags: []string{ref}, Labels: labels, Remove: true, ForceRemove: true,
	})
	reader.CloseWithError(io.ErrClosedPipe)
	if packing := <-packed; packing != nil && !errors.Is(packing, io.ErrClosedPipe) {
		return packing
	}
	return err
}

func runBuild(ctx context.Context, engine *client.Client, files io.Reader, options client.ImageBuildOptions) error {
	result, err := engine.ImageBuild(ctx, files, options)
	if err != nil {
		return err
	}
	defer result.Body.Close()
	return jsonmessage.DisplayStream(result.Body, io.Discard)
}

func imageLabels(name string) (map[string]string, error) {
	me, err := self()
	if err != nil {
		return nil, err
	}
	return map[string]string{labelImage: name, labelHost: me.host}, nil
}

// pack writes the build context as a tar. It fails if the binary has changed since its digest was taken, because the image
// would bear the name of a content that it does not have. Times are left out: the same content packs to the same bytes.
func pack(to io.Writer, file *os.File, digest []byte) error {
	status, err := file.Stat()
	if err != nil {
		return fmt.Errorf("read binary: %w", err)
	}
	archive := tar.NewWriter(to)
	hash := sha256.New()
	for _, entry := range []struct {
		header  tar.Header
		content io.Reader
	}{
		{tar.Header{Name: "Dockerfile", Mode: 0o644, Size: int64(len(recipe))}, bytes.NewReader([]byte(recipe))},
		{tar.Header{Name: "rootfs/", Mode: 0o755, Typeflag: tar.TypeDir}, bytes.NewReader(nil)},
		{tar.Header{Name: "rootfs/data/", Mode: 0o755, Typeflag: tar.TypeDir}, bytes.NewReader(nil)},
		{tar.Header{Name: "rootfs/tmp/", Mode: 0o1777, Typeflag: tar.TypeDir}, bytes.NewReader(nil)},
		{
			tar.Header{Name: "rootfs/service", Mode: 0o755, Size: status.Size()},
			io.TeeReader(io.NewSectionReader(file, 0, status.Size()), hash),
		},
	} {
		if err := archive.WriteHeader(&entry.header); err != nil {
			return fmt.Errorf("pack %s: %w", entry.header.Name, err)
		}
		if _, err := io.Copy(archive, entry.content); err != nil {
			return fmt.Errorf("pack %s: %w", entry.header.Name, err)
		}
	}
	if !bytes.Equal(hash.Sum(nil), digest) {
		return errors.New("binary changed while it was packed: build the image again")
	}
	return archive.Close()
}

// prune removes images of that name from this host, except the one to keep, that are older than age and that no container
// uses. It is a courtesy: what fails is left for the next time.
func prune(ctx context.Context, engine *client.Client, name, keep string, age time.Duration) {
	labels, err := imageLabels(name)
	if err != nil {
		return
	}
	filters := make(client.Filters)
	for key, value := range labels {
		filters.Add("label", key+"="+value)
	}
	found, err := engine.ImageList(ctx, client.ImageListOptions{Filters: filters})
	if err != nil {
		return
	}
	for _, image := range found.Items {
		old := time.Since(time.Unix(image.Created, 0)) >= age
		for _, ref := range image.RepoTags {
			if old && ref != keep {
				// Not forced: the engine refuses to remove an image that a container uses.
				_, _ = engine.ImageRemove(ctx, ref, client.ImageRemoveOptions{PruneChildren: true})
			}
		}
	}
}
