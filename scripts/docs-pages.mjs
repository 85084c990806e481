// The Markdown of the page of a resource and of a function. Pure: scripts/docs.mjs passes the schema and the examples.

/** The page of a resource. */
export function describeResource(
  name,
  { description, inputProperties, requiredInputs, properties, required },
  sources,
) {
  const inputs = Object.entries(inputProperties).map(([input, spec]) => [
    `\`${input}\``,
    typeText(spec),
    requiredInputs.includes(input) ? "yes" : "no",
    spec.willReplaceOnChanges ? "replaces" : "state only",
    spec.description.replace(" Changing it replaces the share.", ""),
  ]);
  const outputs = Object.entries(properties)
    .filter(([output, spec]) => inputProperties[output]?.description !== spec.description)
    .map(([output, spec]) => [
      `\`${output}\``,
      typeText(spec),
      spec.secret ? "**yes**" : "no",
      required.includes(output) ? "always" : "may be absent",
      spec.description,
    ]);
  return page(
    `# ${name}`,
    description,
    exampleUsage(name, sources),
    "## Inputs",
    table(["input", "type", "required", "changing it", "meaning"], inputs),
    "Programs can also pass a `Date` for `validSince` and `validTo`.",
    "_replaces_: a change creates a new share, and the old link stays valid until it expires or is revoked. _state only_:" +
      " a change updates the state and sends no request. [Delete and replace](../README.md#delete-and-replace) has the" +
      " details.",
    "## Outputs",
    "Each input is also an output. `id` is `<sessionId>/<fingerprint>`.",
    table(["output", "type", "secret", "present", "meaning"], outputs),
    "## Look up an existing share",
    sources.commentOf(`${name}.get`),
    program(sources.exampleOf(`${name}.get`)),
    "## Import",
    "With [the plugin](plugin.md): `pulumi import fudo:index:SessionShare NAME <sessionId>/<fingerprint>`.",
    "With the class of the package `pulumi-fudo`, `pulumi import` and the option `import` do not work, because Pulumi has" +
      " no import for dynamic resources. Declare `adopt` with the fingerprint of the share: the create then takes over" +
      " this share and sends no POST. [examples/adopt](../examples/adopt) is a program that does it.",
    "## Errors",
    "[The README](../README.md#errors) lists the error codes. After an interrupted run, see" +
      " [After an interrupted run](recovery.md).",
  );
}

/** The page of a component. */
export function describeComponent(
  name,
  { description, inputProperties, requiredInputs, properties, required },
  sources,
) {
  const outputs = Object.entries(properties).map(([output, spec]) => [
    `\`${output}\``,
    typeText(spec),
    spec.secret ? "**yes**" : output === "handOver" ? "without `recipients`" : "no",
    required.includes(output) ? "always" : "may be absent",
    spec.description,
  ]);
  return page(
    `# ${name}`,
    description,
    exampleUsage(name, sources),
    "[examples/vendor-access-yaml](../examples/vendor-access-yaml) is a YAML program, for [the plugin](plugin.md).",
    "## Inputs",
    propertyTable("input", { properties: inputProperties, required: requiredInputs }),
    "Programs can also pass a `Date` for `validSince` and `validTo`.",
    "## Outputs",
    table(["output", "type", "secret", "present", "meaning"], outputs),
    ...nestedTypes({ properties: inputProperties }, sources.types, "argument"),
    ...componentRules(),
  );
}

/** The page of a function. */
export function describeFunction(name, { description, inputs, outputs }, sources) {
  const call = inputs === undefined ? `${name}()` : `${name}(args)`;
  const output = `${name}Output`;
  return page(
    `# ${name}`,
    description,
    exampleUsage(name, sources),
    "## Arguments",
    inputs === undefined ? "None." : propertyTable("argument", inputs),
    "## Result",
    sources.returnsMap(name)
      ? `\`${call}\` returns a promise of an object. Its properties come from the appliance.`
      : `\`${call}\` returns a promise of an object with these properties.`,
    sources.returnsMap(name) ? "" : propertyTable("property", outputs),
    ...nestedTypes(outputs, sources.types),
    "## As an output",
    sources.commentOf(output),
    program(sources.exampleOf(output)),
    "## Errors",
    "A wrong argument or a failed request ends the program with one sentence: see" +
      " [the error codes](../README.md#errors). The function sends its requests in each preview and each `pulumi up`." +
      ` Under Pulumi's mocks it sends none and asks the mock's \`call\` for \`fudo:index:${name}\`.`,
  );
}

const componentRules = () => [
  "## The shares",
  "Each share is an ordinary [SessionShare](session-share.md) with the name `<component>-<sessionId>` and the component as" +
    " its parent. So each rule of a share applies: a changed window replaces all shares, `destroy` does not revoke the links," +
    " and [`FUDO_RECOVER=true`](recovery.md) takes over the links of an interrupted run. The component's option" +
    " `ignoreChanges` does not apply to its shares.",
  "A session that leaves `sessionIds`, or that the query in `sessions` no longer finds, leaves the component. Its share is" +
    " removed from the state, with a warning while the link works. With `live: true` this happens when the session ends.",
  "If the sessions are not known in a preview, because they come from a resource that does not exist yet, the preview shows" +
    " the component without its shares, and says so. `pulumi up` creates the shares.",
  "## The window in the text and in the calendar",
  "Both have the window that the appliance granted, where it differs from the requested one, and UTC. If the shares have" +
    " different windows, because one was added later with `duration`, the event covers all of them, and each session has its" +
    " own window.",
  "The calendar file has one event. Its UID comes from the URN of the component, so a calendar updates the event when the" +
    " window changes. To write the file: `pulumi stack output calendar > access.ics`.",
  "## Move existing shares into the component",
  "A SessionShare that the program already declares keeps its link. Remove its declaration, and name it in `aliases`:" +
    " by session ID, its name, or its URN if it has a parent. Its window and mode must be those of the component, because" +
    " another window replaces a share. The preview then shows no share to create. `aliases` can be removed after the next `pulumi up`.",
  program(`import { VendorAccess } from "pulumi-fudo";

// Before: new SessionShare("acme", { sessionId: "4665729213955833860", duration: "PT8H" });
export const access = new VendorAccess("acme-support", {
  vendor: "ACME Support",
  sessionIds: ["4665729213955833860", "4665729213955833861"],
  duration: "PT8H",
  aliases: { "4665729213955833860": "acme" },
});`),
  "## Several appliances",
  "In a TypeScript program with `pulumi-fudo`, `sessions` asks the appliance of the stack's configuration, so a component" +
    " with an explicit provider needs `sessionIds`. With the plugin, `sessions` asks the appliance of its provider.",
  "## Errors",
  "A wrong input, a query that finds nothing and a list of sessions that is incomplete end the run with one sentence, and" +
    " nothing is shared. [The README](../README.md#errors) lists the error codes.",
];

const page = (...parts) => parts.filter((part) => part !== "").join("\n\n");
const program = (source) => `\`\`\`typescript\n${source}\n\`\`\``;

/** The first program that imports the name, and links to the others. Without one, the example that editors show. */
function exampleUsage(name, { examplesWith, exampleOf }) {
  const [shown, ...others] = examplesWith(name);
  const links = others.map(({ name: example, about }) => `- [${example}](../examples/${example}): ${about}`);
  return page(
    "## Example usage",
    program(shown?.source ?? exampleOf(name)),
    shown ? `This is [examples/${shown.name}](../examples/${shown.name}).` : "",
    links.length === 0 ? "" : `More programs:\n\n${links.join("\n")}`,
  );
}

function propertyTable(heading, { properties, required = [] }) {
  const [column, ifRequired, otherwise] =
    heading === "argument" || heading === "input" ? ["required", "yes", "no"] : ["present", "always", "may be absent"];
  const rows = Object.entries(properties).map(([name, spec]) => [
    `\`${name}\``,
    typeText(spec),
    required.includes(name) ? ifRequired : otherwise,
    spec.description,
  ]);
  return table([heading, "type", column, "meaning"], rows);
}

function nestedTypes({ properties = {} }, types, heading = "property") {
  const references = Object.values(properties).flatMap(({ $ref, items }) => $ref ?? items?.$ref ?? []);
  return references.flatMap((reference) => {
    const { description, ...type } = types[reference.replace("#/types/", "")];
    return [`### ${typeName(reference)}`, description, propertyTable(heading, type)];
  });
}

/** A table of Markdown. */
export function table(headings, rows) {
  const line = (cells) => `| ${cells.map((cell) => cell.replaceAll("|", "\\|")).join(" | ")} |`;
  return [line(headings), line(headings.map(() => "---")), ...rows.map(line)].join("\n");
}

const typeName = (reference) => reference.split(":").at(-1);

function typeText({ type, items, additionalProperties, $ref }) {
  if ($ref !== undefined) return `[${typeName($ref)}](#${typeName($ref).toLowerCase()})`;
  if (type === "array") return items.type === "string" ? "list of strings" : `list of ${typeText(items)}`;
  return additionalProperties === undefined ? type : `map of ${additionalProperties.type}s`;
}
