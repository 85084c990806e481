// Preloaded into the plugin: removes what the messages of @pulumi/pulumi 3.150 do not have.
const provider = require("@pulumi/pulumi/proto/provider_pb");
const { RegisterResourceResponse } = require("@pulumi/pulumi/proto/resource_pb");

const missing = [
  [provider.ConfigureRequest, "getUrn", "getId", "getType", "getName"],
  [provider.ProviderHandshakeResponse, "setAcceptSecrets"],
  [RegisterResourceResponse, "getUnknown"],
];
for (const [message, ...names] of missing) for (const name of names) delete message.prototype[name];
