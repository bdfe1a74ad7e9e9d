package container

import (
	"archive/tar"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"strings"

	"github.com/moby/moby/client"
)

// A File is what is copied into a container before it starts. Either From or Content says what.
type File struct {
	// From is a file or directory of this machine. A directory is copied with all below it; a link in it stays a link, a
	// directory without files is left out.
	From string
	// Content is what the file holds where From is empty.
	Content []byte
	// To is the absolute path of the copy in the container. Directories that are missing above it are made; those that exist
	// keep their owner and mode.
	To string
	// Mode are the permissions of every file copied. Zero: 0755 for a file that its owner may execute, else 0644. Copies
	// belong to root, so a service that runs as another user can read them only if the mode lets all.
	Mode int64
}

const (
	modeFile       = 0o644
	modeExecutable = 0o755
	modePermission = 0o7777
)

// check refuses what cannot be copied before anything is started.
func (f File) check() error {
	switch {
	case f.From != "" && f.Content != nil:
		return fmt.Errorf("copy to %s: want either a file to copy or a content, found both", f.To)
	case !strings.HasPrefix(f.To, "/") || path.Clean(f.To) == "/" && f.From == "":
		return fmt.Errorf("copy %s into container: want an absolute path to copy to, found %q", f.From, f.To)
	case f.Mode&^modePermission != 0 || f.Mode < 0:
		return fmt.Errorf("copy to %s: want permissions of at most %#o, found %#o", f.To, modePermission, f.Mode)
	case f.From == "":
		return nil
	}
	if _, err := os.Stat(f.From); err != nil {
		return fmt.Errorf("copy to %s in container: %w", f.To, err)
	}
	return nil
}

// copyFiles copies the files into the container, which is not running yet.
func (i *Instance) copyFiles(ctx context.Context) error {
	for _, file := range i.opts.Files {
		if err := i.copyFile(ctx, file); err != nil {
			return fmt.Errorf("copy %s to %s in container: %w", cmp.Or(file.From, "content"), file.To, err)
		}
	}
	return nil
}

// copyFile streams the archive to the engine while it is packed.
func (i *Instance) copyFile(ctx context.Context, file File) error {
	reader, writer := io.Pipe()
	packed := make(chan error, 1)
	go func() {
		err := file.pack(writer)
		writer.CloseWithError(err)
		packed <- err
	}()
	_, err := i.engine.CopyToContainer(ctx, i.ID, client.CopyToContainerOptions{DestinationPath: "/", Content: reader})
	reader.CloseWithError(io.ErrClosedPipe)
	if packing := <-packed; packing != nil && !errors.Is(packing, io.ErrClosedPipe) {
		return packing
	}
	return err
}

// pack writes the copy as a tar that is unpacked at the root. It holds no directories: those that the container has would
// take on their owner and mode.
func (f File) pack(to io.Writer) error {
	archive := tar.NewWriter(to)
	if f.From == "" {
		if err := f.add(archive, f.To, modeFile, int64(len(f.Content)), bytes.NewReader(f.Content)); err != nil {
			return err
		}
		return archive.Close()
	}
	root, err := filepath.EvalSymlinks(f.From)
	if err != nil {
		return err
	}
	err = filepath.WalkDir(root, func(name string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() {
			return err
		}
		below, err := filepath.Rel(root, name)
		if err != nil {
			return err
		}
		return f.addFrom(archive, name, path.Join(f.To, filepath.ToSlash(below)), entry.Type())
	})
	return errors.Join(err, archive.Close())
}

// addFrom adds a file or link of this machine.
func (f File) addFrom(archive *tar.Writer, name, to string, kind fs.FileMode) error {
	switch kind {
	case fs.ModeSymlink:
		target, err := os.Readlink(name)
		if err != nil {
			return err
		}
		return archive.WriteHeader(&tar.Header{Typeflag: tar.TypeSymlink, Name: inArchive(to), Linkname: target, Mode: 0o777})
	case 0:
		return f.addRegular(archive, name, to)
	}
	return fmt.Errorf("%s is neither file, directory nor link", name)
}

func (f File) addRegular(archive *tar.Writer, name, to string) error {
	file, err := os.Open(name)
	if err != nil {
		return err
	}
	defer file.Close()
	status, err := file.Stat()
	if err != nil {
		return err
	}
	mode := int64(modeFile)
	if status.Mode()&0o100 != 0 {
		mode = modeExecutable
	}
	return f.add(archive, to, mode, status.Size(), file)
}

// add adds one file; the mode is that for want of another.
func (f File) add(archive *tar.Writer, to string, mode, size int64, content io.Reader) error {
	header := tar.Header{Typeflag: tar.TypeReg, Name: inArchive(to), Mode: cmp.Or(f.Mode, mode), Size: size}
	if err := archive.WriteHeader(&header); err != nil {
		return err
	}
	_, err := io.Copy(archive, content)
	return err
}

// inArchive is the name of a path of the container in an archive that is unpacked at its root.
func inArchive(to string) string { return strings.TrimPrefix(path.Clean(to), "/") }
