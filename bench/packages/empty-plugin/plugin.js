// The empty plugin: a gRPC server with the product's type, inputs, outputs and secrets that does nothing else. It loads the
// same gRPC and protobuf libraries as the product, and nothing more.
"use strict";
const { createHash, randomBytes } = require("node:crypto");
const { createRequire } = require("node:module");

const sdk = createRequire(require.resolve("@pulumi/pulumi/package.json"));
const grpc = sdk("@grpc/grpc-js");
const { Empty } = sdk("google-protobuf/google/protobuf/empty_pb.js");
const { Struct } = sdk("google-protobuf/google/protobuf/struct_pb.js");
const messages = sdk("./proto/provider_pb.js");
const { PluginInfo } = sdk("./proto/plugin_pb.js");
const { ResourceProviderService } = sdk("./proto/provider_grpc_pb.js");

const origin = "http://127.0.0.1:40000";
const digits = (bytes) => createHash("sha256").update(bytes).digest("hex");
const secret = (value) => ({ "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270", value });

function outputsOf(inputs) {
  const key = digits(randomBytes(32));
  const fingerprint = digits(key).slice(0, 16);
  const link = `/sessions/${inputs.sessionId}/?key=${key}`;
  const now = Date.now();
  const instant = (ms) => new Date(ms).toISOString();
  const microseconds = instant(now).replace("Z", "123Z");
  const window = { validSince: instant(now), validTo: instant(now + 8 * 3_600_000) };
  const listed = { createdAt: microseconds, modifiedAt: microseconds };
  const secrets = { key: secret(key), link: secret(link), url: secret(origin + link) };
  return { ...inputs, ...window, ...secrets, fingerprint, appliance: origin, ...listed };
}

const methods = {
  handshake: () => new messages.ProviderHandshakeResponse().setAcceptSecrets(true),
  getPluginInfo: () => new PluginInfo().setVersion("0.1.0"),
  checkConfig: (request) => new messages.CheckResponse().setInputs(request.getNews()),
  diffConfig: () => new messages.DiffResponse().setChanges(messages.DiffResponse.DiffChanges.DIFF_NONE),
  configure: () => new messages.ConfigureResponse().setAcceptsecrets(true).setSupportspreview(true),
  check(request) {
    const inputs = { readonly: true, labels: {}, ...request.getNews().toJavaScript() };
    return new messages.CheckResponse().setInputs(Struct.fromJavaScript(inputs));
  },
  diff: () => new messages.DiffResponse().setChanges(messages.DiffResponse.DiffChanges.DIFF_NONE),
  create(request) {
    const outputs = outputsOf(request.getProperties().toJavaScript());
    return new messages.CreateResponse()
      .setId(`${outputs.sessionId}/${outputs.fingerprint}`)
      .setProperties(Struct.fromJavaScript(outputs));
  },
  read: (request) =>
    new messages.ReadResponse()
      .setId(request.getId())
      .setProperties(request.getProperties())
      .setInputs(request.getInputs()),
  update: (request) => new messages.UpdateResponse().setProperties(request.getOlds()),
  delete: () => new Empty(),
  cancel: () => new Empty(),
};

const server = new grpc.Server();
const service = Object.entries(methods).map(([name, method]) => [
  name,
  ({ request }, respond) => respond(null, method(request)),
]);
server.addService(ResourceProviderService, Object.fromEntries(service));
server.bindAsync("127.0.0.1:0", grpc.ServerCredentials.createInsecure(), (error, port) => {
  if (error !== null) throw error;
  process.stdout.write(`${port}\n`);
});
