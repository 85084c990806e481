import { beforeAll, expect, test } from "vitest";
import * as pulumi from "@pulumi/pulumi";
import { checkSessionShareArgs } from "pulumi-fudo";

const sessionId = "4665729213955833860";
const registered: pulumi.runtime.MockResourceArgs[] = [];
let stack: typeof import("./index.ts");

beforeAll(async () => {
  const mocks: pulumi.runtime.Mocks = {
    newResource: (resource) => {
      registered.push(resource);
      // The provider returns the link as a secret. Mocks replace the provider, so the mock must do the same.
      const url = pulumi.secret("https://fudo.example.com/sessions/5/?key=example");
      const state = { ...resource.inputs, url, validTo: "2026-12-01T16:00:00.000Z" };
      return { id: `${sessionId}/0123456789abcdef`, state };
    },
    call: ({ token, inputs }) => {
      expect([token, inputs]).toEqual(["fudo:index:getSessionShares", { sessionId }]);
      return { sessionId, shares: [{ status: "active" }, { status: "expired" }] };
    },
  };
  await pulumi.runtime.setMocks(mocks, "vendor-access", "test");
  pulumi.runtime.setAllConfig({ "vendor-access:sessionId": sessionId, "vendor-access:ticket": "CHG-1042" });
  stack = await import("./index.ts");
});

test("the vendor can only watch, for eight hours, under the ticket", async () => {
  await valueOf(stack.mail);
  expect(registered).toEqual([
    expect.objectContaining({
      name: "vendor-support",
      inputs: expect.objectContaining({
        sessionId,
        duration: "PT8H",
        readonly: true,
        labels: { vendor: "ACME Support", ticket: "CHG-1042" },
      }),
    }),
  ]);
});

test("the mail is a secret", async () => {
  expect(await pulumi.isSecret(stack.mail)).toBe(true);
});

test("the stack counts the links that are open", async () => {
  expect(await valueOf(stack.openLinks)).toBe(1);
});

test("a window of 40 days is too long", async () => {
  expect(await checkSessionShareArgs({ sessionId, duration: "P40D" })).toEqual([
    expect.stringContaining("longer than 30 d"),
  ]);
});

function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}
