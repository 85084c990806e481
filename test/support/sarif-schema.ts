// The published schema of SARIF 2.1.0, as a validator that is not ours.
import { readFileSync } from "node:fs";
import AjvDraft04 from "ajv-draft-04";

const schema: object = JSON.parse(
  readFileSync(require.resolve("@microsoft/jest-sarif/lib/schemas/sarif-2.1.0-rtm.5.json"), "utf8"),
);

/** True for a valid log; `validateSarif.errors` says what is wrong with another one. */
export const validateSarif = new AjvDraft04({
  strict: false,
  unicodeRegExp: false,
  validateFormats: false,
  allErrors: true,
}).compile(schema);
