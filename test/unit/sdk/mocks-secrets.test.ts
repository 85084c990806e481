// What is secret under Pulumi's mocks: what the test's mock returns as a secret, and nothing else.
import * as pulumi from "@pulumi/pulumi";
import { SessionShare } from "../../../sdk/nodejs";
import { sessionId } from "../../support/states";

const url = "https://fudo.example.com/sessions/5/?key=example";

const declared = async (returned: unknown, options?: pulumi.CustomResourceOptions) => {
  await pulumi.runtime.setMocks({
    newResource: ({ inputs, name }) => ({ id: `${name}-id`, state: { ...inputs, url: returned } }),
    call: () => ({}),
  });
  return new SessionShare("acme", { sessionId, duration: "PT8H" }, options);
};

test("isSecret of the link is false if the mock returns plain text, because the provider makes it a secret", async () => {
  expect(await pulumi.isSecret((await declared(url)).url)).toBe(false);
});

test("isSecret of the link, and of text with it, is true if the mock returns a secret", async () => {
  const share = await declared(pulumi.secret(url));
  expect(await pulumi.isSecret(share.url)).toBe(true);
  expect(await pulumi.isSecret(pulumi.interpolate`Open ${share.url}`)).toBe(true);
});

test("an API key in a provider resource is not checked under mocks: the test decides what is secret", async () => {
  class Appliance extends pulumi.ProviderResource {}
  const { url: link } = await declared(url, {
    provider: new Appliance("pulumi-nodejs", "b", { "fudo:apiKey": "plain" }),
  });
  expect(await new Promise((resolve) => link.apply(resolve))).toBe(url);
});
