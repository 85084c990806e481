// The policy pack's folder as it is in the package, started as the engine's language host starts it. Needs the build (`dist`).
import { spawn, type ChildProcessWithoutNullStreams } from "node:child_process";
import { join } from "node:path";
import * as grpc from "@grpc/grpc-js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb";
import { Struct } from "google-protobuf/google/protobuf/struct_pb";
import { policies } from "../../policy/index";
import { end, firstLine } from "../support/drivers/rpc";
import { root, textOf } from "../support/repository";

const { AnalyzerClient } = require("@pulumi/pulumi/proto/analyzer_grpc_pb");
const messages = require("@pulumi/pulumi/proto/analyzer_pb");
const runner = join(root, "node_modules", "@pulumi", "pulumi", "cmd", "run-policy-pack");

let child: ChildProcessWithoutNullStreams;
let client: any;
const ask = (method: string, request: unknown): Promise<any> =>
  new Promise((resolve, reject) =>
    client[method](request, (error: Error | null, response: unknown) => (error ? reject(error) : resolve(response))),
  );

beforeAll(async () => {
  child = spawn("node", [runner, "127.0.0.1:1", "."], { cwd: join(root, "policy") });
  const port = await firstLine(child);
  client = new AnalyzerClient(`127.0.0.1:${port}`, grpc.credentials.createInsecure());
});
afterAll(() => end(child, client));

test("has the version of the package, and its rules", async () => {
  const info = (await ask("getAnalyzerInfo", new Empty())).toObject();
  const { version } = JSON.parse(textOf("package.json")) as { version: string };
  expect(info).toMatchObject({ name: "fudo", version, supportsconfig: true });
  expect(info.policiesList.map(({ name }: { name: string }) => name)).toEqual(policies().map(({ name }) => name));
});

// Engine: secrets arrive as plain text, and the dynamic class adds the text of its provider.
test("prints no credential and no provider of a share that it reports", async () => {
  const request = new messages.AnalyzeRequest();
  request.setType("pulumi-nodejs:dynamic/fudo:SessionShare");
  request.setUrn("urn:pulumi:dev::project::pulumi-nodejs:dynamic/fudo:SessionShare::vendor");
  request.setName("vendor");
  request.setOptions(new messages.AnalyzerResourceOptions());
  const secrets = { key: "canary-1", link: "canary-2", url: "canary-3", __provider: "canary-4" };
  const share = { sessionId: "1", duration: "P8D", readonly: false, labels: { vendor: "canary-5" }, ...secrets };
  request.setProperties(Struct.fromJavaScript(share));
  const config = new messages.ConfigureAnalyzerRequest();
  const settings = { "longest-window": { length: "P7D" }, "labels-required": { names: ["vendor", "ticket"] } };
  for (const [name, properties] of Object.entries(settings)) {
    const policy = new messages.PolicyConfig();
    policy.setEnforcementlevel(messages.EnforcementLevel.MANDATORY);
    policy.setProperties(Struct.fromJavaScript(properties));
    config.getPolicyconfigMap().set(name, policy);
  }
  await ask("configure", config);
  const { diagnosticsList: reported } = (await ask("analyze", request)).toObject();
  const names = reported.map(({ policyname }: { policyname: string }) => policyname).sort();
  expect(names).toEqual(["labels-required", "longest-window", "readonly-required"]);
  expect(JSON.stringify(reported)).not.toContain("canary");
});
