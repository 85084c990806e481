// Declares the shares of the component VendorAccess, once the program knows the sessions.
import * as pulumi from "@pulumi/pulumi";
import type { SessionQuery } from "../../provider/lifecycle/functions/session-arguments";
import { shareTypes } from "../../provider/lifecycle/share/id";
import type { ShareAlias } from "../../provider/lifecycle/vendor-access";
import type { SessionShareArgs } from "./arguments";
import { knownValues, valueOf } from "./known-values";
import { callFunction } from "./query";
import { SessionShare } from "./session-share";

// Loaded here because most programs declare no component.
function rules() {
  return require("../../provider/lifecycle/vendor-access") as typeof import("../../provider/lifecycle/vendor-access");
}

/** None where a preview cannot know the sessions. Throws `FudoError` or `RunError`. */
export async function declareShares(
  access: pulumi.ComponentResource,
  name: string,
  inputs: pulumi.Inputs,
  opts: pulumi.ComponentResourceOptions,
): Promise<SessionShare[]> {
  const { checkAccess, aliasesOf, shareName, unknown } = rules();
  // Node.js warns about a promise that fails before somebody waits for it, and the outputs wait for the URN first.
  await valueOf(access.urn);
  const values = await knownValues(inputs, unknown);
  const sessions = checkAccess(values);
  if (sessions === undefined) {
    await pulumi.log.info("the sessions are not known yet, so this preview does not show the shares", access);
    return [];
  }
  const ids = "ids" in sessions ? sessions.ids : await find(access, sessions.query);
  const aliases = aliasesOf(values["aliases"], ids);
  const args = shareArgs(inputs);
  return ids.map((sessionId) => {
    const options = { ...shareOptions(access, opts), aliases: programAliases(aliases.get(sessionId)) };
    return new SessionShare(shareName(name, sessionId), { ...args, sessionId } as SessionShareArgs, options);
  });
}

async function find(access: pulumi.ComponentResource, query: SessionQuery): Promise<string[]> {
  // The functions of a program ask the appliance of the stack's configuration. The shares would be created on another one.
  if (access.getProvider(shareTypes.dynamic) !== undefined)
    throw new pulumi.RunError(
      "`sessions` asks the appliance of the stack's configuration, and the component has a provider of its own. Use " +
        "`sessionIds`, or VendorAccess of pulumi-fudo/plugin, which asks the appliance of its provider",
    );
  return rules().foundSessions(await callFunction("getSessions", query));
}

function shareArgs(inputs: pulumi.Inputs): pulumi.Inputs {
  const { shareInputs, withVendor } = rules();
  const { labels, vendor } = inputs;
  return {
    ...Object.fromEntries(shareInputs.map((name): [string, unknown] => [name, inputs[name]])),
    labels: pulumi.all([labels, vendor]).apply(([known, who]) => withVendor(known, who)),
  };
}

// Engine: with these two it deletes the children of the component without asking the provider. A share checks its own options.
function shareOptions(
  parent: pulumi.Resource,
  { retainOnDelete, deletedWith }: pulumi.ComponentResourceOptions,
): pulumi.CustomResourceOptions {
  return {
    parent,
    ...(retainOnDelete !== undefined && { retainOnDelete }),
    ...(deletedWith !== undefined && { deletedWith }),
  };
}

function programAliases(alias: ShareAlias | undefined): pulumi.Input<string | pulumi.Alias>[] {
  if (alias === undefined) return [];
  return ["urn" in alias ? alias.urn : { name: alias.name, parent: pulumi.rootStackResource }];
}
