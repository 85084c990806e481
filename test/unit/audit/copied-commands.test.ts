// Commands in next steps: people copy them into a shell, and resource names are text of others.
import { createFixture, type AuditFixture } from "./fixture";

let fixture: AuditFixture;
beforeEach(async () => {
  fixture = await createFixture();
});

describe("a command that people copy", () => {
  const steps = async (name: string) => {
    const share = fixture.share();
    fixture.emulator.revoke(share.key);
    const { findings } = await fixture.report([fixture.resourceFor(share, { name })]);
    return findings[0]!.nextSteps;
  };

  test.each(["acme", "two words", "a$(id)", "a;b"])("has the URN of the resource %j in quotes", async (name) => {
    const urn = `urn:pulumi:dev::shop::pulumi-nodejs:dynamic/fudo:SessionShare::${name}`;
    expect(await steps(name)).toContain(`To grant access again: pulumi up --replace '${urn}'`);
  });

  test.each(["acme'; touch OWNED; echo '", "acme\u2019", "a`id`", "a&calc", "a\u202eb", "a\nb"])(
    "does not exist for the resource %j, which has characters that are not safe in a shell",
    async (name) => {
      const all = await steps(name);
      expect(all.filter((step) => step.includes("pulumi up"))).toEqual([]);
      expect(all).toContainEqual(
        expect.stringMatching(/^To grant access again, replace this resource: urn:pulumi:dev/),
      );
    },
  );
});
