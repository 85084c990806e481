// The programs of the matrix: one share, in the language and the kind of module of the cell.

const types = (sessionId) => `import * as pulumi from "@pulumi/pulumi";
import { SessionShare, getSessions, type SessionShareArgs } from "pulumi-fudo";
import { startEmulator, type Emulator } from "pulumi-fudo/emulator";

const args: SessionShareArgs = { sessionId: "${sessionId}", duration: "PT8H", labels: { vendor: "ACME" } };
export const url: pulumi.Output<string> = new SessionShare("vendor", args).url;
export const live: Promise<number> = getSessions({ live: true }).then(({ sessions }) => sessions.length);
export const emulator: Promise<Emulator> = startEmulator({ seed: 1 });
`;

/** Returns the program of a cell. */
export const programOf =
  (sessionId) =>
  ({ module, library, tsconfig, typesOnly, strips }) => {
    if (typesOnly) return types(sessionId);
    const from = library ? "library" : "pulumi-fudo";
    const url = `new fudo.SessionShare("vendor", { sessionId: "${sessionId}", duration: "PT8H" }).url`;
    if (!module && !tsconfig) return `const fudo = require("${from}");\nexports.url = ${url};\n`;
    const type = tsconfig || strips ? ': import("@pulumi/pulumi").Output<string>' : "";
    return `import * as fudo from "${from}";\nexport const url${type} = ${url};\n`;
  };
