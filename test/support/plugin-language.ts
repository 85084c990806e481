// Stacks in each language of the plugin: a project with the program, the plugin where `pulumi plugin install` puts it, and
// PATH with the language hosts. Knows nothing of what a test expects.
import { cpSync, existsSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { engineSuite, type EngineSuite, type EngineSuiteOptions } from "./engine-share";
import { environmentOf } from "./engine-workspace";
import { root, textOf } from "./repository";

export const languages = ["yaml", "python", "go", "typescript"] as const;
export type Language = (typeof languages)[number];

/** The example of a language, in `examples`. */
export const exampleOf = (language: Language) => (language === "typescript" ? "typescript-plugin" : language);

/** An appliance, and a stack whose project is the language's example. */
export function languageSuite(language: Language, options: EngineSuiteOptions = {}): () => EngineSuite {
  const suite = engineSuite({ typescript: true, ...options, env: { ...options.env, PATH: pathWithLanguages() } });
  beforeAll(() => {
    const { folder } = suite().stack;
    cpSync(join(root, "examples", exampleOf(language)), join(folder, "project"), {
      recursive: true,
      filter: (path) => !path.endsWith("node_modules"),
    });
    if (language !== "typescript") installPlugin(join(folder, "home"));
    adaptProject(language, suite());
  });
  return suite;
}

/** Replaces the program by test/fixtures/plugin-programs/NAME/LANGUAGE. */
export function useFixture(name: string, language: Language, suite: EngineSuite): void {
  const source = join(root, "test", "fixtures", "plugin-programs", name, language);
  cpSync(source, join(suite.stack.folder, "project"), { recursive: true });
  adaptProject(language, suite);
}

/** What a user changes in a copy of an example: the name, the session IDs, and where the SDK is. */
function adaptProject(language: Language, { stack, emulator }: EngineSuite): void {
  const project = join(stack.folder, "project");
  const edit = (name: string, change: (text: string) => string) =>
    writeFileSync(join(project, name), change(readFileSync(join(project, name), "utf8")));
  // The stack was created in the test's own project.
  edit("Pulumi.yaml", (text) => text.replace(/^name: .*/m, "name: project"));
  let next = 0;
  if (language === "yaml") edit("Pulumi.yaml", (text) => text.replaceAll(/\d{19}/g, () => emulator.sessions[next++]!));
  if (language === "go") edit("go.mod", (text) => text.replace("=> ../../sdk/go", `=> ${join(root, "sdk", "go")}`));
  const environment = join(project, "venv");
  if (language === "python" && !existsSync(environment)) symlinkSync(dirname(folders()[0]!), environment, "dir");
}

/** As `pulumi plugin install` does it, with a link to this checkout. */
function installPlugin(home: string): void {
  const { version } = JSON.parse(textOf("package.json")) as { version: string };
  const folder = join(home, "plugins", `resource-fudo-v${version}`);
  mkdirSync(folder, { recursive: true });
  symlinkSync(join(root, "pulumi-resource-fudo"), join(folder, "pulumi-resource-fudo"));
}

/** The virtual environment first: the user's own Python has no SDK. */
export function pathWithLanguages(): string {
  const [python, ...hosts] = folders();
  return [python, environmentOf("")["PATH"], ...hosts].join(delimiter);
}

function folders(): string[] {
  const record = join(root, ".engine", "languages.json");
  if (!existsSync(record))
    throw new Error(
      "there are no language hosts in this checkout: run `node scripts/languages.mjs` (npm test does it)",
    );
  return (JSON.parse(readFileSync(record, "utf8")) as { directories: string[] }).directories;
}
