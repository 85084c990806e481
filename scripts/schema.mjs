// Writes provider/schema.json, the Pulumi package schema, from the zod schemas of the resource and from the declarations of the
// functions (build first). With `--check` it writes nothing and fails if the committed file differs.
import { createRequire } from "node:module";
import { textOf, writeOrCheck } from "./generated.mjs";
import { schemaOfFunctions } from "./schema-functions.mjs";

const require = createRequire(import.meta.url);
const { z } = require("zod");
const { inputsSchema, outputsSchema } = require("../dist/provider/lifecycle/share/schema.js");
const { immutableInputs, secretOutputs } = require("../dist/provider/lifecycle/share/id.js");
const { accessInputsSchema, accessOutputsSchema } = require("../dist/provider/lifecycle/vendor-access/schema.js");
const { settingNames } = require("../dist/provider/lifecycle/settings.js");

const { author, homepage, keywords, license, repository } = JSON.parse(textOf("package.json"));
const { types, functions } = schemaOfFunctions();
types["fudo:index:SessionQuery"] = {
  description: "Selects sessions. All filters that are set must match.",
  ...functions["fudo:index:getSessions"].inputs,
};

// Optional in a program: `check` fills in the default, so the schema of checked inputs requires them.
const withDefault = ["readonly", "labels"];

/** Converts a property of a JSON schema to Pulumi's form, which has fewer keywords. */
function property(name, { type, description, additionalProperties, items, enum: values, const: constant }, more = {}) {
  const pulumiType = type ?? (typeof constant === "boolean" ? "boolean" : "string");
  return [
    name,
    {
      type: pulumiType,
      ...(additionalProperties && { additionalProperties: { type: additionalProperties.type } }),
      ...(items && { items: { type: items.type } }),
      description: values ? `${description} One of ${values.join(", ")}.` : description,
      ...more,
    },
  ];
}

function properties(schema, more) {
  return Object.fromEntries(
    Object.entries(z.toJSONSchema(schema).properties).map(([name, value]) => property(name, value, more(name))),
  );
}

// No `defaultInfo.environment`: with it, an SDK reads the variable in the program and passes the value as an input, so that a
// key of the environment would enter the state. The provider's own process reads the environment.
const settings = Object.fromEntries(
  Object.entries(settingNames).map(([name, { environment, description }]) => [
    name,
    {
      type: name === "insecureSkipVerify" ? "boolean" : "string",
      description: `${description} If it is absent, the provider reads the environment variable ${environment}.`,
      ...(name === "apiKey" && { secret: true }),
    },
  ]),
);

const readme = `# pulumi_fudo

The Python SDK of the Pulumi provider for Fudo Enterprise: time-limited access to brokered sessions.

\`\`\`python
import pulumi_fudo as fudo

share = fudo.SessionShare("acme", session_id="4665729213955833860", duration="PT8H")
\`\`\`

The engine also needs the plugin \`fudo\`, which runs on Node.js 22.19 or later. How to install it:
${homepage}
`;

/** What Pulumi's generators write into the SDKs: `npm run sdk`, and `pulumi package add` on a user's machine. */
// The Node.js package keeps Pulumi's default name, @pulumi/fudo. `pulumi package add` writes that name into the program's
// package.json; the name of this npm package there would remove the plugin from node_modules.
const language = {
  nodejs: { respectSchemaVersion: true },
  python: { packageName: "pulumi_fudo", pyproject: { enabled: true }, readme, respectSchemaVersion: true },
  go: { importBasePath: "github.com/pulumi-fudo/pulumi-fudo/sdk/go/fudo", respectSchemaVersion: true },
  csharp: { rootNamespace: "PulumiFudo", respectSchemaVersion: true },
  java: { basePackage: "io.github.pulumi_fudo" },
};

const schema = {
  name: "fudo",
  displayName: "Fudo Enterprise",
  description: "Time-limited access to sessions of Fudo Enterprise.",
  license,
  homepage,
  repository: repository.url.replace(/^git\+|\.git$/g, ""),
  publisher: author.replace(/ \(.*\)$/, ""),
  keywords,
  config: { variables: settings },
  provider: {
    description: "The connection to one appliance. A stack with several appliances declares one provider for each.",
    inputProperties: settings,
  },
  resources: {
    "fudo:index:SessionShare": {
      description:
        "A time-limited grant on one brokered session, opened with a secret link. Deleting removes the share from the state but does not revoke the link: the API has no revoke operation.",
      inputProperties: properties(inputsSchema, (name) =>
        immutableInputs.includes(name) ? { willReplaceOnChanges: true } : {},
      ),
      requiredInputs: z.toJSONSchema(inputsSchema).required.filter((name) => !withDefault.includes(name)),
      properties: properties(outputsSchema, (name) => (secretOutputs.includes(name) ? { secret: true } : {})),
      required: z.toJSONSchema(outputsSchema).required,
      listInputs: {
        type: "object",
        properties: { sessionId: { type: "string", description: "List the shares of this session." } },
        required: ["sessionId"],
      },
    },
    "fudo:index:VendorAccess": {
      isComponent: true,
      description:
        "Access for one vendor to several sessions, in one window: a component with one SessionShare for each session. Its outputs are the links, a text for the vendor, and a calendar file without links.",
      inputProperties: properties(accessInputsSchema, (name) =>
        name === "sessions"
          ? { type: undefined, additionalProperties: undefined, $ref: "#/types/fudo:index:SessionQuery" }
          : {},
      ),
      requiredInputs: z.toJSONSchema(accessInputsSchema).required,
      properties: properties(accessOutputsSchema, (name) => (name === "links" ? { secret: true } : {})),
      required: z.toJSONSchema(accessOutputsSchema).required,
    },
  },
  types,
  functions,
  language,
};

writeOrCheck("provider/schema.json", `${JSON.stringify(schema, null, 2)}\n`);
