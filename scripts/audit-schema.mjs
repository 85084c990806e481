// Writes the schemas of `fudo-audit`'s JSON report and of its notifications to docs, from their zod schemas (build first).
// Tests compare the committed files with this script's output.
import { writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { fileURLToPath } from "node:url";

const require = createRequire(import.meta.url);
const { reportJsonSchema } = require("../dist/provider/audit/model/report-schema.js");
const { notificationJsonSchema } = require("../dist/provider/audit/model/notification-schema.js");

for (const [name, schema] of [
  ["audit-report", reportJsonSchema()],
  ["audit-notification", notificationJsonSchema()],
]) {
  writeFileSync(
    fileURLToPath(new URL(`../docs/${name}.schema.json`, import.meta.url)),
    `${JSON.stringify(schema, null, 2)}\n`,
  );
}
