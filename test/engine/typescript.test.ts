// A program in TypeScript that the language host type-checks against the package's declarations.
import { inHours, engineSuite, succeeded } from "../support/engine-share";

const program = (sessionId: string, validTo: string) => `
import * as pulumi from "@pulumi/pulumi";
import { SessionShare, getSessionShares, type SessionShareArgs, type ShareStatus } from "pulumi-fudo";

const args: SessionShareArgs = {
  sessionId: pulumi.output("${sessionId}"),
  validTo: new Date("${validTo}"),
  labels: { ticket: pulumi.output("OPS-1") },
  deletionPolicy: "abandon",
};
const share = new SessionShare("vendor", args, { parent: undefined });
const url: pulumi.Output<string | undefined> = share.url;
const granted: pulumi.Output<string | undefined> = share.grantedTo;
// @ts-expect-error: outputs are read-only.
share.readonly = granted;

export const link = url;
export const kind = SessionShare.isInstance(share);
export const states = getSessionShares({ sessionId: "${sessionId}" }).then(({ shares }) => shares.map(({ status }): ShareStatus => status));
`;

describe("a TypeScript program", () => {
  const suite = engineSuite({ typescript: true });

  test("is type-checked against the package's declarations and creates a share", async () => {
    const { stack, emulator, sessionId, recordedShare } = suite();
    const validTo = inHours(8);
    emulator.addShare(sessionId);
    const text = program(sessionId, validTo);
    stack.writeProgram(text);
    expect(await stack.up()).toMatchObject(succeeded("+ 2 created"));
    // The line of the TypeScript file, which the compiled one does not have there.
    const line = text.split("\n").findIndex((each) => each.includes("new SessionShare")) + 1;
    const sourcePosition = `project:///index.ts#${line},15`;
    expect(await recordedShare()).toHaveProperty("stackTrace", expect.arrayContaining([{ sourcePosition }]));
    expect(emulator.shares()).toMatchObject([{}, { validTo, readonly: true }]);
    expect(await stack.outputs()).toMatchObject({ link: "[secret]", kind: true });
  });
});
