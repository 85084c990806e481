// The same over HTTPS: trust by the appliance's own CA, then by the pinned certificate.
import { inScene, openWindow, share, well } from "../support/engine-share";

describe("an appliance with a certificate of its own", () => {
  const scene = inScene({ emulator: { https: true } });

  test("is trusted by fudo:caCertificate, as PEM text in the stack's configuration", async () => {
    const { stack, declare, sessionId, newCalls, emulator } = scene();
    declare(share("vendor", { sessionId, ...openWindow() }));
    expect(await stack.up()).toMatchObject(well("+ 2 created"));
    expect(await stack.refresh()).toMatchObject(well("2 unchanged"));
    expect(newCalls()).toEqual(["GET 200", "POST 200", "GET 200", "GET 200"]);
    expect(await stack.outputs(true)).toMatchObject({
      vendor: { url: expect.stringMatching(`^${emulator.url.replace("http:", "https:")}/`) },
    });
  });

  test("is trusted by its pinned certificate alone, in refresh and in functions", async () => {
    const { stack, declare, sessionId, emulator, newCalls } = scene();
    expect(await stack.pulumi(["config", "rm", "fudo:caCertificate"])).toMatchObject(well());
    await stack.setConfig("fudo:certificateFingerprint", String(emulator.certificateFingerprint));
    declare(`exports.count = fudo.getSessionSharesOutput({ sessionId: "${sessionId}" }).shares.length;`);
    expect(await stack.refresh(["--run-program"])).toMatchObject(well());
    expect(newCalls()).toEqual(["GET 200", "GET 200"]);
  });
});
