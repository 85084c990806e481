// Property: known less is never better. Taking away any part of what the audit could read may make it incomplete, and never
// turns a finding into silence.
import { writeFileSync } from "node:fs";
import fc from "fast-check";
import type { Fault } from "../../../../provider/emulator";
import { hour } from "../fixture";
import { findingsOf, inWorld, rank, type Audited, type World } from "./world";
import { anyWorld } from "./world-spec";
import "./settings";

const shareOf = (finding: string) => finding.split(" ")[2]!;

/** Shares with a finding that says more than that nobody has access any longer. */
function openShares(audited: Audited): string[] {
  const open = findingsOf(audited).filter((finding) => !/ (removed|no-longer-listed) /.test(finding));
  return [...new Set(open.map(shareOf))];
}

/** Every part that can be taken away, by number. Returns the arguments of the poorer audit. */
const parts: Readonly<Record<string, (world: World, pick: number) => readonly string[] | undefined>> = {
  "a state that cannot be read": (world, pick) => {
    writeFileSync(pick % 2 === 0 ? world.states.app : world.states.net, pick % 3 === 0 ? "" : '{"version":9}');
    return world.args();
  },
  // Without the earlier report, nothing but the state knew its shares.
  "a state that nobody names": (world, pick) => {
    if (world.previous === undefined) return undefined;
    const { app, net } = world.states;
    return world.args({ states: [pick % 2 === 0 ? app : net] });
  },
  "a list that fails": (world, pick) => {
    failing(world, pick, { kind: "failure", status: [403, 409, 500, 503][pick % 4]! });
    return world.args();
  },
  "a list that is not found": (world, pick) => {
    failing(world, pick, { kind: "failure", status: 404 });
    return world.args();
  },
  "a list that a proxy blocks": (world, pick) => {
    failing(world, pick, { kind: "html", status: [403, 404, 502][pick % 3]! });
    return world.args();
  },
  "a session that this API user may not see": (world, pick) => {
    const { emulator } = world.fixture;
    emulator.behaviour.unseenSession = (["403", "404"] as const)[pick % 2]!;
    emulator.denyAccess(emulator.sessions[pick % world.spec.sessions]!);
    return world.args();
  },
  "a key that this API user may not see": (world, pick) => {
    failing(world, pick, { kind: "masked" });
    return world.args();
  },
  "an attribute": (world, pick) => {
    failing(world, pick, {
      kind: "without",
      attribute: ["valid_to", "valid_since", "created_at", "readonly"][pick % 4]!,
    });
    return world.args();
  },
  "the API user": (world) => {
    world.fixture.emulator.blockUser();
    return world.args();
  },
  "the Date header": (world, pick) => {
    world.fixture.emulator.fault({
      on: "GET",
      kind: "headers",
      headers: { Date: "?" },
      times: pick % 3 === 0 ? 1 : 1000,
    });
    return world.args();
  },
  "an entry of the earlier report that cannot be read": (world, pick) => {
    if (world.previous === undefined) return undefined;
    const report = world.readPrevious();
    if (report.shares.length === 0) return undefined;
    const shares = report.shares.map((share, at) => {
      if (at !== pick % report.shares.length) return share;
      return pick % 2 === 0 ? null : { ...share, fingerprint: "?", sessionId: 7 };
    });
    writeFileSync(world.previous, JSON.stringify({ ...report, shares }));
    return world.args();
  },
};

function failing({ fixture, spec }: World, pick: number, fault: Partial<Fault> & { kind: string }): void {
  const session = fixture.emulator.sessions[pick % spec.sessions]!;
  fixture.emulator.fault({ on: "GET", path: `${session}/share`, times: 40, ...fault } as Fault);
}

const mayBeGone = new Set([
  "a state that nobody names",
  "a list that is not found",
  "a session that this API user may not see",
]);

const skew = fc.constantFrom(0, 0, 0, 9 * hour, -9 * hour);

test.each(Object.keys(parts))("without %s, no finding becomes silence", async (name) => {
  await fc.assert(
    fc.asyncProperty(anyWorld, fc.nat(1000), skew, (spec, pick, ms) =>
      inWorld(spec, async (world) => {
        const before = await world.wholeAudit({ skew: ms });
        const args = parts[name]!(world, pick);
        if (args === undefined) return;
        const after = await world.audit({ skew: ms, args });
        if (rank(after.code) > 1) return;
        const left = new Set(findingsOf(after).map(shareOf));
        // A session that the appliance does not show may be gone, and its links with it: only a named share tells otherwise.
        const named = mayBeGone.has(name) ? world.namedShares(args) : undefined;
        const lost = openShares(before).filter((share) => !left.has(share) && named?.has(share) !== false);
        if (lost.length > 0)
          throw new Error(
            `exit ${after.code} without a finding on ${lost.join(", ")}; before:\n${findingsOf(before).join("\n")}\nafter:\n${findingsOf(after).join("\n")}`,
          );
      }),
    ),
    { numRuns: 250 },
  );
});
