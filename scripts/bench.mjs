// `npm run bench`: runs bench/main.ts, which is TypeScript.
import { createRequire } from "node:module";

const require = createRequire(import.meta.url);
require("ts-node").register({ transpileOnly: true });
const { main } = require("../bench/main.ts");

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error.stack ?? error}\n`);
  // An appliance that still runs would keep this process alive.
  process.exit(2);
}
