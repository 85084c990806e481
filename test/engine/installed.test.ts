// The package as users get it: a workspace link, the packed tarball installed by npm, the same by pnpm. Each kind goes
// through the real engine, and the provider's text in the state is as short as promised.
import { startEmulator, type Emulator } from "../../provider/emulator";
import { newStack, type Modules } from "../support/engine";

const program = `
const pulumi = require("@pulumi/pulumi");
const { SessionShare } = require("pulumi-fudo");
const share = new SessionShare("share", { sessionId: new pulumi.Config().require("sessionId"), duration: "PT8H" });
exports.url = share.url;
`;

let emulator: Emulator;
beforeAll(async () => (emulator = await startEmulator({})));
afterAll(() => emulator.close());

test.each<[Modules, number]>([
  ["linked", 2500],
  ["npm", 400],
  ["pnpm", 400],
])("%s: a share lives and dies, and __provider takes at most %d bytes", async (modules, most) => {
  const [sessionId = ""] = emulator.sessions;
  const stack = await newStack({
    program,
    modules,
    config: { sessionId, "fudo:url": emulator.url },
    secretConfig: { "fudo:apiKey": emulator.apiKey },
    canaries: () => emulator.shares().map(({ key }) => key),
  });
  expect(await stack.up()).toMatchObject({ code: 0, all: expect.stringContaining("+ 2 created") });
  emulator.resetRequests();
  expect(await stack.up(["--expect-no-changes"])).toMatchObject({ code: 0 });
  expect(emulator.requests).toEqual([]);
  const share = (await stack.export()).resources.find(({ type }) => type.endsWith("fudo:SessionShare"));
  expect(Buffer.byteLength(String(share?.inputs?.["__provider"]))).toBeLessThanOrEqual(most);
  expect(share?.outputs?.["__provider"]).toBe(share?.inputs?.["__provider"]);
  expect(await stack.destroy()).toMatchObject({ code: 0, all: expect.stringContaining("forgotten, not revoked") });
});
