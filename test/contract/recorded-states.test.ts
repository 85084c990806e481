// The states that releases have written, against this checkout, in seconds: no share in them differs from its declaration, and
// nothing is requested. test/engine/states-*.test.ts read the same states with the real engine.
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { startDynamic } from "../support/drivers/dynamic-driver";
import type { Driver, Values } from "../support/drivers/driver";
import { startPlugin } from "../support/drivers/plugin-driver";
import { decrypted, recordedStates } from "../support/recorded-states";

let requests = 0;
let server: Server;
beforeAll(async () => {
  server = createServer((_, response) => {
    requests += 1;
    response.writeHead(500).end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
});
afterAll(() => server.close());

const withoutText = ({ __provider, ...values }: Values = {}) => values;

describe.each(recordedStates().map((recorded) => [recorded.name, recorded] as const))("%s", (_, recorded) => {
  const shares = decrypted(recorded).filter(({ type }) => type.endsWith(":SessionShare"));
  const here = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  let driver: Driver;

  beforeAll(async () => {
    const config = { "fudo:url": here(), "fudo:apiKey": "recorded", "fudo:publicUrl": "https://vendors.example.com" };
    driver = await (recorded.face === "plugin" ? startPlugin : startDynamic)({ config });
  });
  afterAll(() => driver?.close());

  test.each(shares.map((share) => [share.urn.replace(/.*::/, ""), share] as const))(
    "%s: check returns the recorded inputs, and diff finds no change",
    async (_name, { id = "", ...state }) => {
      const inputs = withoutText(state.inputs);
      const outputs = JSON.parse(
        JSON.stringify(withoutText(state.outputs)).replaceAll(recorded.appliance.url, here()),
      ) as Values;
      expect(await driver.check(inputs, inputs)).toEqual({ inputs, failures: [] });
      expect(await driver.diff(id, outputs, inputs)).toEqual({ changes: false, replaces: [] });
      expect(requests).toBe(0);
    },
  );

  test("the state holds no credential in plain text and no folder of the machine", () => {
    const text = JSON.stringify(recorded.deployment);
    const { apiKey, shares: all } = recorded.appliance;
    for (const credential of [apiKey, ...all.map(({ key }) => key)]) expect(text).not.toContain(credential);
    expect(text).not.toMatch(/\/(tmp|home|root|Users)\//);
  });
});
