// Makes text harmless for pipeline runners, which execute commands that they find in the output of a job.

// A space after the first character of each marker, anywhere in the text: a table may wrap it to the start of a line.
const markers: readonly (readonly [RegExp, string])[] = [
  // GitLab and Travis: sections that fold. First, because the space can be the start of a word for the patterns below.
  [/(section_(?:start|end)|travis_(?:fold|time)):/g, "$1 :"],
  // GitHub `##[group]`, Azure `##vso[…]` and `##[error]`, TeamCity `##teamcity[…]`: commands at any place of a line.
  [/##(?=[A-Za-z-]{0,40}\[)/g, "# #"],
  // GitHub `::name::` and `::name a=b::`: a command at the start of a line. A URN contains `::` too, between two words.
  [/(?<![\w.)-]):(?=:[A-Za-z][\w-]{0,60}(?:::|\s|$))/g, ": "],
  [
    /:(?=:(?:add-m|remove-m|stop-c|set-|save-|add-p|internal-|debug|echo|endg|error|group|notice|warning)[\w-]{0,40}(?:::|\s))/gi,
    ": ",
  ],
];

/** The text with a space in each marker that a runner of GitHub, Azure, GitLab, TeamCity or Travis takes for a command. */
export function withoutRunnerCommands(text: string): string {
  let result = text;
  for (const [marker, replacement] of markers) result = result.replace(marker, replacement);
  return result;
}
