// The sections of CHANGELOG.md: what the next release changes, and what a released version has changed.

/** The text below the heading of a section, without blank lines around it. Undefined: no section, or an empty one. */
export function sectionOf(changelog, title) {
  const sections = changelog.split(/^## /m).slice(1);
  const found = sections.find((text) => /^\S+/.exec(text)?.[0] === title);
  return found?.slice(found.indexOf("\n")).trim() || undefined;
}

/** The changelog with the version and its date instead of `Unreleased`. */
export const dated = (changelog, version, date) => changelog.replace(/^## Unreleased$/m, `## ${version} - ${date}`);
