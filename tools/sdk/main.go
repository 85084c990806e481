// The generator of the SDKs: writes them from provider/schema.json, with Pulumi's own code generators. `npm run sdk` runs it
// (scripts/sdk.mjs).
package main

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	golang "github.com/pulumi/pulumi/pkg/v3/codegen/go"
	"github.com/pulumi/pulumi/pkg/v3/codegen/nodejs"
	"github.com/pulumi/pulumi/pkg/v3/codegen/python"
	"github.com/pulumi/pulumi/pkg/v3/codegen/schema"
)

// The opening comment of each generated file names it.
const tool = "npm run sdk"

type files = map[string][]byte

// The folders of sdk/, and what writes them.
var generators = []struct {
	folder string
	run    func(*schema.Package) (files, error)
}{
	{"go", func(pkg *schema.Package) (files, error) { return golang.GeneratePackage(tool, pkg, nil) }},
	{"nodejs-plugin", nodejsPlugin},
	{"python", pythonProject},
}

func main() {
	if len(os.Args) != 4 {
		fmt.Fprintln(os.Stderr, "usage: sdk SCHEMA VERSION FOLDER")
		os.Exit(2)
	}
	for _, generator := range generators {
		if err := generate(os.Args[1], os.Args[2], filepath.Join(os.Args[3], generator.folder), generator.run); err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

func generate(path, version, folder string, generator func(*schema.Package) (files, error)) error {
	// A generator changes the package that it reads: each one gets its own.
	pkg, err := read(path, version)
	if err != nil {
		return err
	}
	written, err := generator(pkg)
	if err != nil {
		return err
	}
	for name, text := range written {
		target := filepath.Join(folder, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(target), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(target, text, 0o644); err != nil {
			return err
		}
	}
	return nil
}

func read(path, version string) (*schema.Package, error) {
	text, err := os.ReadFile(path)
	if err != nil {
		return nil, err
	}
	var spec schema.PackageSpec
	if err := json.Unmarshal(text, &spec); err != nil {
		return nil, err
	}
	spec.Version = version
	pkg, problems, err := schema.BindSpec(spec, schema.NewNullLoader(), schema.ValidationOptions{})
	// Warnings, too: no SDK comes from a schema that has a mistake.
	for _, problem := range problems {
		err = errors.Join(err, errors.New(problem.Summary))
	}
	return pkg, err
}

// The TypeScript sources only: this npm package compiles and ships them as `pulumi-fudo/plugin`.
func nodejsPlugin(pkg *schema.Package) (files, error) {
	all, err := nodejs.GeneratePackage(tool, pkg, nil, nil, false, nil)
	if err != nil {
		return nil, err
	}
	sources := files{}
	for name, text := range all {
		if strings.HasSuffix(name, ".ts") || name == ".gitattributes" {
			sources[name] = text
		}
	}
	for _, edit := range edits(pkg) {
		if bytes.Count(sources[edit.file], []byte(edit.old)) != 1 {
			return nil, fmt.Errorf("%s no longer has one line %q", edit.file, edit.old)
		}
		sources[edit.file] = bytes.Replace(sources[edit.file], []byte(edit.old), []byte(edit.new), 1)
	}
	return sources, nil
}

type edit struct{ file, old, new string }

func edits(pkg *schema.Package) []edit {
	const share = "sessionShare.ts"
	const imports = "import * as utilities from \"./utilities\";\n"
	const protections = "import { protectCredentials, protectDebugLines } from \"../nodejs/credentials\";\n" +
		"import { skipSourceMapsOfPromises } from \"../nodejs/stack-traces\";\n"
	const registration = "        super(SessionShare.__pulumiType, name, resourceInputs, opts);\n"
	const access = "vendorAccess.ts"
	const accessProtections = "import { protectDebugLines, protectLinks } from \"../nodejs/credentials\";\n"
	const accessRegistration = "        super(VendorAccess.__pulumiType, name, resourceInputs, opts, true /*remote*/);\n"
	const provider = "provider.ts"
	const providerImports = "import { protectDebugLines } from \"../nodejs/credentials\";\n"
	const providerRegistration = "        super(Provider.__pulumiType, name, resourceInputs, opts);\n"
	return []edit{
		// There is no package.json next to these files.
		{"utilities.ts", "require('./package.json').version", fmt.Sprintf("%q", pkg.Version)},
		// Engine: for each resource, the Node.js SDK writes a debug line with all outputs, secrets in plain text, and
		// `pulumi up --json` prints debug lines.
		{share, imports, imports + protections},
		// Engine: it formats a hundred stack traces for each share.
		{share, registration, "        protectDebugLines();\n" +
			"        const restore = skipSourceMapsOfPromises();\n" +
			"        try {\n    " + registration + "        } finally {\n            restore();\n        }\n" +
			"        protectCredentials(this);\n"},
		{access, imports, imports + accessProtections},
		{access, accessRegistration, "        protectDebugLines();\n" + accessRegistration + "        protectLinks(this);\n"},
		{provider, imports, imports + providerImports},
		{provider, providerRegistration, "        protectDebugLines();\n" + providerRegistration},
	}
}

// pyproject.toml expects README.md in its own folder, and Pulumi's generator writes it into the folder below.
func pythonProject(pkg *schema.Package) (files, error) {
	project, err := python.GeneratePackage(tool, pkg, nil, nil)
	if err != nil {
		return nil, err
	}
	const readme = "pulumi_fudo/README.md"
	project["README.md"] = project[readme]
	delete(project, readme)
	return project, nil
}
