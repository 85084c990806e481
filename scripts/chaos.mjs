// `npm run chaos`: runs scripts/chaos/main.ts, which is TypeScript.
import { createRequire } from "node:module";
import { endWithChildren } from "./processes.mjs";

const require = createRequire(import.meta.url);
require("ts-node").register({ transpileOnly: true });
const { main, cleanUp } = require("./chaos/main.ts");

endWithChildren(async () => cleanUp());
try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  process.stderr.write(`${error.stack ?? error}\n`);
  process.exitCode = 2;
}
