// Writes docs/audit-report.schema.json, the schema of `fudo-audit`'s JSON report, from its zod schema (build first).
// A test compares the committed file with this script's output.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const { reportJsonSchema } = createRequire(import.meta.url)("../dist/provider/audit/model/report-schema.js");

writeFileSync(
  fileURLToPath(new URL("../docs/audit-report.schema.json", import.meta.url)),
  `${JSON.stringify(reportJsonSchema(), null, 2)}\n`,
);
