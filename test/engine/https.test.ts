// HTTPS on the real engine: trust by the appliance's own CA, then by the pinned certificate.
import { engineSuite, openWindow, share, succeeded } from "../support/engine-share";

describe("an appliance with a certificate of a private CA", () => {
  const suite = engineSuite({ emulator: { https: true } });

  test("is trusted with fudo:caCertificate as PEM text in the stack configuration", async () => {
    const { stack, declare, sessionId, newRequests, emulator } = suite();
    declare(share("vendor", { sessionId, ...openWindow() }));
    expect(await stack.up()).toMatchObject(succeeded("+ 2 created"));
    expect(await stack.refresh()).toMatchObject(succeeded("2 unchanged"));
    expect(newRequests()).toEqual(["GET 200", "POST 200", "GET 200", "GET 200"]);
    expect(await stack.outputs(true)).toMatchObject({
      vendor: { url: expect.stringMatching(`^${emulator.url.replace("http:", "https:")}/`) },
    });
  });

  test("is trusted with its pinned certificate alone, in refresh and in functions", async () => {
    const { stack, declare, sessionId, emulator, newRequests } = suite();
    expect(await stack.pulumi(["config", "rm", "fudo:caCertificate"])).toMatchObject(succeeded());
    await stack.setConfig("fudo:certificateFingerprint", String(emulator.certificateFingerprint));
    declare(`exports.count = fudo.getSessionSharesOutput({ sessionId: "${sessionId}" }).shares.length;`);
    expect(await stack.refresh(["--run-program"])).toMatchObject(succeeded());
    expect(newRequests()).toEqual(["GET 200", "GET 200"]);
  });
});
