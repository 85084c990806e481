// The walls between the layers (see ARCHITECTURE.md), and the limits on file and function size.
import tseslint from "typescript-eslint";

const layers = ["time", "client", "lifecycle", "dynamic", "plugin", "audit", "emulator"];
const group = (names, message) => ({ group: names.flatMap((n) => [`**/${n}/*`, `**/${n}`]), message });
const wall = (files, banned, more = []) => ({
  files,
  rules: {
    "no-restricted-imports": [
      "error",
      { patterns: [group(banned, "imports go one way: see ARCHITECTURE.md"), ...more] },
    ],
  },
});
const noPulumi = { group: ["@pulumi/*"], message: "only the faces know Pulumi" };
const noHttp = {
  group: ["undici", "node:http", "node:https", "node:net", "node:tls"],
  message: "only the client does I/O",
};

export default tseslint.config(
  {
    ignores: [
      "dist/**",
      "node_modules/**",
      ".engine/**",
      "coverage/**",
      "examples/*/node_modules/**",
      "**/*.js",
      "**/*.cjs",
    ],
  },
  ...tseslint.configs.recommendedTypeChecked,
  { languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } } },
  { files: ["**/*.mjs"], ...tseslint.configs.disableTypeChecked },
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
      "no-restricted-syntax": ["error", { selector: "ExportAllDeclaration", message: "name what you export" }],
    },
  },
  {
    files: ["provider/**/*.ts", "sdk/**/*.ts"],
    rules: {
      "max-lines": ["error", { max: 250 }],
      "max-lines-per-function": ["error", { max: 40, skipComments: true, skipBlankLines: true }],
    },
  },
  wall(["provider/time/**"], layers.filter((n) => n !== "time").concat("sdk"), [noPulumi, noHttp]),
  wall(["provider/client/**"], ["lifecycle", "dynamic", "plugin", "audit", "emulator", "sdk"], [noPulumi]),
  wall(["provider/lifecycle/**"], ["dynamic", "plugin", "audit", "emulator", "sdk"], [noPulumi, noHttp]),
  wall(["provider/dynamic/**"], ["plugin", "audit", "emulator", "sdk"], [noHttp]),
  wall(["provider/audit/**"], ["dynamic", "plugin", "emulator", "sdk"], [noPulumi]),
  wall(
    ["provider/audit/collect/**"],
    ["dynamic", "plugin", "emulator", "sdk", "analyze", "report", "doctor", "cli"],
    [noPulumi],
  ),
  wall(
    ["provider/audit/model/**"],
    ["client", "lifecycle", "dynamic", "plugin", "emulator", "sdk", "cli", "collect", "analyze", "report", "doctor"],
    [noPulumi, noHttp],
  ),
  wall(["provider/emulator/**"], layers.filter((n) => n !== "emulator").concat("sdk"), [noPulumi]),
  wall(["provider/emulator/appliance/**"], layers.filter((n) => n !== "emulator").concat("sdk", "http"), [
    noPulumi,
    { group: ["node:http", "node:https", "node:net", "node:tls"], message: "the appliance's rules use no HTTP" },
  ]),
  wall(["sdk/nodejs/**"], ["plugin", "audit", "emulator"], [noHttp]),
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
