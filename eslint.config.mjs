// The layers (see ARCHITECTURE.md): imports go one way. Also the limits on file and function size.
import tseslint from "typescript-eslint";

const layers = ["time", "client", "lifecycle", "adapter", "dynamic", "plugin", "audit", "emulator", "sdk", "policy"];
const all = (except) => layers.filter((layer) => !except.includes(layer));
const ban = (names, message = "imports go one way: see ARCHITECTURE.md") => ({
  group: names.flatMap((name) => [`**/${name}/*`, `**/${name}`]),
  message,
});
/** `files` may not import what matches `patterns`. The last wall that matches a file counts, so each one is complete. */
const wall = (files, ...patterns) => ({ files, rules: { "no-restricted-imports": ["error", { patterns }] } });
const noPulumi = { group: ["@pulumi/*"], message: "only the adapters and the SDK use Pulumi" };
const noHttp = {
  group: ["undici", "node:http", "node:https", "node:net", "node:tls"],
  message: "only the client does I/O",
};
/** Outside the lifecycle, only these indexes and its functions are imported; `files` names single files that stay allowed. */
const lifecycleInternals = (...files) => ({
  regex: `lifecycle/(?!functions/|vendor-access(?:/calendar)?$${files.map((file) => `|${file}$`).join("")})`,
  message: "import from lifecycle/index, lifecycle/functions or lifecycle/vendor-access",
});
/** `fudo-audit` only reads. One file makes the test share of doctor. */
const noCreate = {
  group: ["**/lifecycle", "**/lifecycle/index"],
  importNames: ["createLifecycle"],
  message: "only doctor/create-test-share makes a share",
};
const testShare = "provider/audit/doctor/create-test-share.ts";
/** It sends requests of any method to any server. */
const noTransport = {
  group: ["**/client", "**/client/index", "**/client/http/*"],
  importNames: ["openTransport"],
  message: "only notify/post sends notifications",
};
const notifications = "provider/audit/notify/post.ts";
const noExportAll = { selector: "ExportAllDeclaration", message: "name what you export" };

export default tseslint.config(
  {
    ignores: [
      "dist/**",
      "node_modules/**",
      ".engine/**",
      "coverage/**",
      "examples/*/node_modules/**",
      // Generated: scripts/sdk.mjs.
      "sdk/nodejs-plugin/**",
      "**/*.js",
      "**/*.cjs",
    ],
  },
  ...tseslint.configs.recommendedTypeChecked,
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  // The projects in examples/testing have dependencies of their own; a test compiles each of them.
  { files: ["**/*.mjs", "examples/testing/**"], ...tseslint.configs.disableTypeChecked },
  {
    rules: {
      "@typescript-eslint/no-unused-vars": [
        "error",
        {
          ignoreRestSiblings: true,
          varsIgnorePattern: "^_",
          argsIgnorePattern: "^_",
          destructuredArrayIgnorePattern: "^_",
        },
      ],
    },
  },
  {
    files: ["**/*.ts"],
    rules: {
      "@typescript-eslint/consistent-type-imports": ["error", { disallowTypeAnnotations: false }],
      "@typescript-eslint/no-require-imports": "off",
      "no-restricted-exports": ["error", { restrictDefaultExports: { direct: true } }],
      "no-restricted-syntax": ["error", noExportAll],
    },
  },
  {
    files: ["policy/**/*.ts", "provider/**/*.ts", "sdk/**/*.ts"],
    rules: {
      "max-lines": ["error", { max: 250 }],
      "max-lines-per-function": ["error", { max: 40, skipComments: true, skipBlankLines: true }],
    },
  },
  wall(["provider/time/**"], ban(all(["time"])), noPulumi, noHttp),
  wall(["provider/client/**"], ban(all(["time", "client"])), noPulumi),
  wall(["provider/lifecycle/**"], ban(all(["time", "client", "lifecycle"])), noPulumi, noHttp),
  wall(
    ["provider/lifecycle/share/**"],
    ban(all(["time", "client", "lifecycle"])),
    ban(["run", "operations"]),
    noPulumi,
    noHttp,
  ),
  wall(["provider/lifecycle/run/**"], ban(all(["time", "client", "lifecycle"])), ban(["operations"]), noPulumi, noHttp),
  wall(
    ["provider/adapter/**"],
    ban(["dynamic", "plugin", "audit", "emulator", "sdk"]),
    lifecycleInternals(),
    noPulumi,
    noHttp,
  ),
  wall(["provider/plugin/**"], ban(["dynamic", "audit", "emulator", "sdk"]), lifecycleInternals(), noHttp),
  wall(["provider/dynamic/**"], ban(["plugin", "audit", "emulator", "sdk"]), lifecycleInternals(), noHttp),
  wall(
    ["provider/audit/**"],
    ban(["adapter", "dynamic", "plugin", "emulator", "sdk"]),
    lifecycleInternals(),
    noCreate,
    noTransport,
    noPulumi,
  ),
  wall(
    [testShare],
    ban(["adapter", "dynamic", "plugin", "emulator", "sdk"]),
    lifecycleInternals(),
    noTransport,
    noPulumi,
  ),
  wall(
    [notifications],
    ban(["adapter", "dynamic", "plugin", "emulator", "sdk"]),
    lifecycleInternals(),
    noCreate,
    noPulumi,
  ),
  {
    files: ["provider/audit/**"],
    rules: {
      "no-restricted-syntax": [
        "error",
        noExportAll,
        { selector: "MemberExpression[property.name='createShare']", message: noCreate.message },
      ],
    },
  },
  wall(
    ["provider/audit/collect/**"],
    ban(["adapter", "dynamic", "plugin", "emulator", "sdk"]),
    ban(["analyze", "report", "doctor", "cli", "notify"], "collect only collects"),
    lifecycleInternals(),
    noCreate,
    noTransport,
    noPulumi,
  ),
  wall(
    ["provider/audit/model/**"],
    ban(["client", "adapter", "dynamic", "plugin", "emulator", "sdk"]),
    ban(["cli", "collect", "analyze", "report", "doctor", "notify"], "the model is below everything else"),
    lifecycleInternals(),
    noCreate,
    noPulumi,
    noHttp,
  ),
  wall(["provider/emulator/**"], ban(all(["emulator"])), noPulumi),
  wall(
    ["provider/emulator/appliance/**"],
    ban(all(["emulator"])),
    ban(["http"], "the appliance's rules use no HTTP"),
    noPulumi,
    noHttp,
  ),
  // The engine starts the pack for each preview and update, so it loads single files, too.
  wall(
    ["policy/**"],
    ban(all(["time", "lifecycle", "policy"])),
    lifecycleInternals("did-you-mean", "settings", "share/messages", "share/times", "share/window"),
    noHttp,
  ),
  // The SDK loads single files, and most of them lazily with `require`: loading everything would slow each program down.
  wall(
    ["sdk/nodejs/**"],
    ban(["adapter", "plugin", "audit", "emulator"]),
    lifecycleInternals("settings", "share/declaration-tag", "share/id", "share/messages", "share/status"),
    noHttp,
  ),
  {
    // Frozen text: nothing may be added to what the compiler writes, and `require` has no types.
    files: ["provider/dynamic/provider.ts"],
    rules: {
      "@typescript-eslint/no-unsafe-return": "off",
      "@typescript-eslint/no-unsafe-call": "off",
      "@typescript-eslint/no-unsafe-member-access": "off",
    },
  },
  {
    // jest's matchers and the engine's JSON are untyped.
    files: ["test/**/*.ts", "bench/**/*.ts"],
    rules: Object.fromEntries(
      [
        "unbound-method",
        "no-explicit-any",
        "no-unsafe-argument",
        "no-unsafe-assignment",
        "no-unsafe-call",
        "no-unsafe-member-access",
        "no-unsafe-return",
      ].map((rule) => [`@typescript-eslint/${rule}`, "off"]),
    ),
  },
);
