// The program whose states `npm run record-states` records, for both types: one share for each thing that a state can hold.
const pulumi = require("@pulumi/pulumi");

const config = new pulumi.Config();
const fudo = require(config.require("package"));
const [first, second] = [config.require("first"), config.require("second")];

/** `warsaw:url` and `warsaw:apiKey` of the stack's configuration belong to this provider resource. */
function explicitProvider(name) {
  const own = new pulumi.Config(name);
  const publicUrl = new pulumi.Config("fudo").require("publicUrl");
  const connection = { url: own.require("url"), apiKey: own.requireSecret("apiKey") };
  const settings = { ...connection, publicUrl, maxDuration: "P40000D" };
  if (fudo.Provider !== undefined) return new fudo.Provider(name, settings);
  const prefixed = Object.entries(settings).map(([key, value]) => [`fudo:${key}`, value]);
  return new pulumi.ProviderResource("pulumi-nodejs", name, Object.fromEntries(prefixed));
}

function share(name, inputs, options) {
  const { url } = new fudo.SessionShare(name, { sessionId: first, ...inputs }, options);
  exports[name] = url;
}

// These are over when a later release reads the state.
share("expired", { duration: "PT8H" });
share("expired-window", { validSince: "2026-01-01 11:00:00+02", validTo: "2026-01-01T12:30:00-05:00" });

// These live until the year 2100.
const validTo = "2100-01-01T00:00:00Z";
share("live", { validTo, labels: { vendor: "ACME", ticket: "CHG-1042" }, deletionPolicy: "abandon" });
share("interactive", {
  sessionId: second,
  validSince: "2026-01-01T10:00:00.250+01:00",
  duration: "P26000D",
  readonly: false,
  deletionPolicy: "refuseWhileLive",
});
share("secret-label", { sessionId: second, validTo, labels: { ticket: pulumi.secret("CHG-1043") } });
share("adopted", { validTo, readonly: false, adopt: config.require("adopted") });
share("capped", { duration: "P27000D" });
share("revoked", { validTo });
share("missing", { validTo });
share("reactivated", { validTo });
share("child", { validTo }, { parent: new pulumi.ComponentResource("recorded:index:Vendor", "vendor") });
share("zoned", { validSince: "2026-01-01T10:00[Europe/Warsaw]", validTo: "2099-12-31T20:00[Europe/Warsaw]" });
// The public key of the age project's own documentation.
const recipients = ["age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p"];
share("sealed", { validTo, recipients });
share("elsewhere", { validTo }, { provider: explicitProvider("warsaw") });

const access = new fudo.VendorAccess("acme", { vendor: "ACME", sessionIds: [first, second], validTo, recipients });
exports.access = access.sealedLinks;
