// One project for each level of test; what each level may touch stands in CONTRIBUTING.md.
const swc = [
  "@swc/jest",
  { jsc: { target: "es2023", parser: { syntax: "typescript" } }, module: { type: "commonjs" } },
];

const level = (name, more = {}) => ({
  displayName: name,
  testEnvironment: "node",
  testMatch: [`<rootDir>/test/${name}/**/*.test.ts`],
  transform: { "^.+\\.[tj]s$": swc },
  // ES modules, which Node requires as they are and jest does not.
  transformIgnorePatterns: [
    "/node_modules/(?!(string-width|get-east-asian-width|strip-ansi|ansi-regex|age-encryption|@noble|@scure)/)",
    "<rootDir>/dist/",
  ],
  modulePathIgnorePatterns: ["<rootDir>/dist", "<rootDir>/.engine"],
  setupFilesAfterEnv: ["<rootDir>/test/support/jest-timeout.ts"],
  ...more,
});

module.exports = {
  projects: [
    level("unit"),
    level("contract"),
    level("protocol"),
    level("repository"),
    level("engine", { setupFilesAfterEnv: ["<rootDir>/test/support/jest-engine.ts"] }),
  ],
};
