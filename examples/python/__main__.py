# Two vendors, two sessions: ACME Support looks into one for eight hours, Globex works in the other in a maintenance window.
#
# Install the plugin once on each machine (it runs on Node.js 22.19 or newer), and the SDK in the project:
#   pulumi plugin install resource fudo 0.1.0 --file pulumi-resource-fudo-v0.1.0.tar.gz
#   python3 -m venv venv && venv/bin/pip install -r requirements.txt
#
# Then set the appliance, the sessions and the window:
#   pulumi config set fudo:url https://fudo.example.com
#   pulumi config set --secret fudo:apiKey
#   pulumi config set acmeSession 4665729213955833860
#   pulumi config set globexSession 4665729213955833861
#   pulumi config set from 2026-12-05T20:00:00+01:00
#   pulumi config set to 2026-12-06T02:00:00+01:00
import pulumi
import pulumi_fudo as fudo

config = pulumi.Config()

acme = fudo.SessionShare(
    "acme",
    session_id=config.require("acmeSession"),
    duration="PT8H",
    labels={"vendor": "ACME Support", "ticket": "CHG-1042"},
)

globex = fudo.SessionShare(
    "globex",
    session_id=config.require("globexSession"),
    # Each instant has an offset. 20:00 in Warsaw is 19:00 UTC in winter.
    valid_since=config.require("from"),
    valid_to=config.require("to"),
    # This vendor may use keyboard and mouse.
    readonly=False,
    labels={"vendor": "Globex", "ticket": "CHG-1077", "approver": "Jan Kowalski"},
)

# Secret: each link opens a session. `pulumi stack output links --show-secrets` prints them.
pulumi.export("links", {"acme": acme.url, "globex": globex.url})
# Not secret: `fudo-audit` and log messages name a share by its fingerprint.
pulumi.export("fingerprints", {"acme": acme.fingerprint, "globex": globex.fingerprint})
pulumi.export("maintenanceEnds", globex.valid_to)
