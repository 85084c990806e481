// The form of CHANGELOG.md: a reader, and the release script, find each version and each kind of change at the same place.
import { textOf } from "../support/repository";

const kinds = ["Added", "Changed", "Deprecated", "Removed", "Fixed", "Security"];
const { version: current } = JSON.parse(textOf("package.json")) as { version: string };

interface Section {
  readonly title: string;
  readonly kinds: readonly string[];
  readonly text: string;
}

/** The sections, and what does not follow the form, as sentences. */
function readChangelog(text: string): { sections: readonly Section[]; problems: readonly string[] } {
  const [head = "", ...parts] = text.split(/^## /m);
  const sections = parts.map((part): Section => {
    const [title = "", ...lines] = part.split("\n");
    const body = lines.join("\n");
    return { title, text: body, kinds: [...body.matchAll(/^### (.*)$/gm)].map(([, kind = ""]) => kind) };
  });
  return {
    sections,
    problems: [...(head === "# Changelog\n\n" ? [] : ["the head differs"]), ...sections.flatMap(check)],
  };
}

function check({ title, text, kinds: found }: Section, index: number): string[] {
  const problems: string[] = [];
  const released = /^\d+\.\d+\.\d+ - \d{4}-\d{2}-\d{2}$/.test(title);
  if (!released && !(title === "Unreleased" && index === 0))
    problems.push(`${title}: not Unreleased, not VERSION - DATE`);
  const inOrder = kinds.filter((kind) => found.includes(kind));
  if (found.length === 0 || found.join() !== inOrder.join()) problems.push(`${title}: ${found.join()}`);
  for (const part of text.split(/^### .*$/m).slice(1))
    if (!/^\n\n(- .+(\n {2}\S.*)*\n)+\n?$/.test(part)) problems.push(`${title}: not a list:${part}`);
  if (text.split(/^### /m)[0]?.trim() !== "") problems.push(`${title}: text before the first kind of change`);
  return problems;
}

const changelog = readChangelog(textOf("CHANGELOG.md"));

test("each section is a version with its date, or Unreleased, and has the six kinds of changes in one order", () => {
  expect(changelog.problems).toEqual([]);
});

test("the newest version is the one in package.json, and the dates go down", () => {
  const released = changelog.sections
    .map(({ title }) => title.split(" - "))
    .filter(([version]) => version !== "Unreleased");
  const dates = released.map(([, date]) => date);
  expect(released[0]?.[0]).toBe(current);
  expect(dates).toEqual([...dates].sort().reverse());
});

test.each([
  ["another kind", "### Improved\n\n- A.\n"],
  ["another order", "### Fixed\n\n- A.\n\n### Added\n\n- A.\n"],
  ["a kind twice", "### Fixed\n\n- A.\n\n### Fixed\n\n- B.\n"],
  ["no list", "### Fixed\n\nA.\n"],
  ["an empty kind", "### Fixed\n"],
  ["no kind", "- A.\n"],
])("%s is found", (_name, text) => {
  expect(readChangelog(`# Changelog\n\n## Unreleased\n\n${text}`).problems).not.toEqual([]);
});
