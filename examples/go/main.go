// Two vendors, two sessions: ACME Support looks into one for eight hours, Globex works in the other in a maintenance window.
//
// Install the plugin once on each machine (it runs on Node.js 22.19 or newer):
//
//	pulumi plugin install resource fudo 0.1.0 --file pulumi-resource-fudo-v0.1.0.tar.gz
//
// Remove `replace` from go.mod. Then add the SDK to go.sum, with this command or with `go mod tidy`:
//
//	go get github.com/pulumi-fudo/pulumi-fudo/sdk/go@v0.1.0
//
// Then set the appliance, the sessions and the window:
//
//	pulumi config set fudo:url https://fudo.example.com
//	pulumi config set --secret fudo:apiKey
//	pulumi config set acmeSession 4665729213955833860
//	pulumi config set globexSession 4665729213955833861
//	pulumi config set from 2026-12-05T20:00:00+01:00
//	pulumi config set to 2026-12-06T02:00:00+01:00
package main

import (
	"github.com/pulumi-fudo/pulumi-fudo/sdk/go/fudo"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi"
	"github.com/pulumi/pulumi/sdk/v3/go/pulumi/config"
)

func main() {
	pulumi.Run(func(ctx *pulumi.Context) error {
		cfg := config.New(ctx, "")

		acme, err := fudo.NewSessionShare(ctx, "acme", &fudo.SessionShareArgs{
			SessionId: pulumi.String(cfg.Require("acmeSession")),
			Duration:  pulumi.String("PT8H"),
			Labels: pulumi.StringMap{
				"vendor": pulumi.String("ACME Support"),
				"ticket": pulumi.String("CHG-1042"),
			},
		})
		if err != nil {
			return err
		}

		globex, err := fudo.NewSessionShare(ctx, "globex", &fudo.SessionShareArgs{
			SessionId: pulumi.String(cfg.Require("globexSession")),
			// Each instant has an offset. 20:00 in Warsaw is 19:00 UTC in winter.
			ValidSince: pulumi.String(cfg.Require("from")),
			ValidTo:    pulumi.String(cfg.Require("to")),
			// This vendor may use keyboard and mouse.
			Readonly: pulumi.Bool(false),
			Labels: pulumi.StringMap{
				"vendor":   pulumi.String("Globex"),
				"ticket":   pulumi.String("CHG-1077"),
				"approver": pulumi.String("Jan Kowalski"),
			},
		})
		if err != nil {
			return err
		}

		// Secret: each link opens a session. `pulumi stack output links --show-secrets` prints them.
		ctx.Export("links", pulumi.Map{"acme": acme.Url, "globex": globex.Url})
		// Not secret: `fudo-audit` and log messages name a share by its fingerprint.
		ctx.Export("fingerprints", pulumi.StringMap{"acme": acme.Fingerprint, "globex": globex.Fingerprint})
		ctx.Export("maintenanceEnds", globex.ValidTo)
		return nil
	})
}
