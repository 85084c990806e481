// The package schema that the engine asks for: provider/schema.json with the version of this package.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packageFolder, packageVersion } from "../client";

/** The schema as JSON text. Throws where a file of the package is missing. */
export function schemaText(): string {
  const file = join(packageFolder() ?? __dirname, "provider", "schema.json");
  const schema = JSON.parse(readFileSync(file, "utf8")) as object;
  return JSON.stringify({ ...schema, version: packageVersion() });
}
