package container

import (
	"debug/elf"
	"errors"
	"fmt"
	"io"
	"strings"
)

// ErrNotStatic is wrapped by the error for a binary that cannot be the only file of an image.
var ErrNotStatic = errors.New("not a static binary that the engine can run")

// checkStatic reports, on one line and with the remedy, why the binary would not run alone on such an engine: it is not for
// its system or architecture, or it asks for a dynamic linker. Names are those of Go: linux, amd64.
func checkStatic(binary io.ReaderAt, system, arch string) error {
	remedy := fmt.Sprintf("build it with CGO_ENABLED=0 GOOS=linux GOARCH=%s", arch)
	machine, known := machineOf(arch)
	if system != "linux" || !known {
		return fmt.Errorf("%w: engine runs %s/%s, want linux on a known architecture", ErrNotStatic, system, arch)
	}
	program, err := elf.NewFile(binary)
	if err != nil {
		return fmt.Errorf("%w: want an ELF file for linux/%s, found another format: %s", ErrNotStatic, arch, remedy)
	}
	defer program.Close()
	linux := program.OSABI == elf.ELFOSABI_NONE || program.OSABI == elf.ELFOSABI_LINUX
	if program.Machine != machine || !linux || program.Entry == 0 {
		return fmt.Errorf("%w: want an executable for linux/%s, found %v for %v: %s",
			ErrNotStatic, arch, program.Type, program.Machine, remedy)
	}
	if loader := loaderOf(program); loader != "" {
		return fmt.Errorf("%w: want no dynamic linker, found that it needs %s: %s", ErrNotStatic, loader, remedy)
	}
	return nil
}

// loaderOf returns the dynamic linker that the program asks for, or nothing if it is static.
func loaderOf(program *elf.File) string {
	for _, part := range program.Progs {
		if part.Type == elf.PT_INTERP {
			name, _ := io.ReadAll(part.Open())
			return strings.TrimRight(string(name), "\x00")
		}
	}
	return ""
}

func machineOf(arch string) (elf.Machine, bool) {
	switch arch {
	case "amd64":
		return elf.EM_X86_64, true
	case "arm64":
		return elf.EM_AARCH64, true
	case "arm":
		return elf.EM_ARM, true
	case "386":
		return elf.EM_386, true
	case "ppc64le":
		return elf.EM_PPC64, true
	case "riscv64":
		return elf.EM_RISCV, true
	case "s390x":
		return elf.EM_S390, true
	}
	return elf.EM_NONE, false
}
