import { deepEqual, equal, match } from "node:assert/strict";
import { before, test } from "node:test";
import * as pulumi from "@pulumi/pulumi";
import { checkSessionShareArgs } from "pulumi-fudo";

const sessionId = "4665729213955833860";
const registered: pulumi.runtime.MockResourceArgs[] = [];
let stack: typeof import("./index.ts");

before(async () => {
  const mocks: pulumi.runtime.Mocks = {
    newResource: (resource) => {
      registered.push(resource);
      // The provider returns the link as a secret. Mocks replace the provider, so the mock must do the same.
      const url = pulumi.secret("https://fudo.example.com/sessions/5/?key=example");
      const state = { ...resource.inputs, url, validTo: "2026-12-01T16:00:00.000Z" };
      return { id: `${sessionId}/0123456789abcdef`, state };
    },
    call: ({ token, inputs }) => {
      deepEqual([token, inputs], ["fudo:index:getSessionShares", { sessionId }]);
      return { sessionId, shares: [{ status: "active" }, { status: "expired" }] };
    },
  };
  await pulumi.runtime.setMocks(mocks, "vendor-access", "test");
  pulumi.runtime.setAllConfig({ "vendor-access:sessionId": sessionId, "vendor-access:ticket": "CHG-1042" });
  stack = await import("./index.ts");
});

test("the vendor can only watch, for eight hours, under the ticket", async () => {
  await valueOf(stack.mail);
  const [{ name, inputs }] = registered;
  equal(registered.length, 1);
  equal(name, "vendor-support");
  equal(inputs.duration, "PT8H");
  equal(inputs.readonly, true);
  deepEqual(inputs.labels, { vendor: "ACME Support", ticket: "CHG-1042" });
});

test("the mail is a secret", async () => {
  equal(await pulumi.isSecret(stack.mail), true);
});

test("the stack counts the links that are open", async () => {
  equal(await valueOf(stack.openLinks), 1);
});

test("a window of 40 days is too long", async () => {
  const mistakes = await checkSessionShareArgs({ sessionId, duration: "P40D" });
  equal(mistakes.length, 1);
  match(mistakes[0], /longer than 30 d/);
});

function valueOf<T>(output: pulumi.Output<T>): Promise<T> {
  return new Promise((resolve) => output.apply(resolve));
}
