// What administrators do in the panel during the week: they create, revoke and restore shares, and change rights and sessions.
import { fingerprintOf, hour, minute } from "../fixture";
import type { Event, Team } from "./team";

export const administrators: readonly Event[] = [
  [8, createInPanel],
  [10, revoke],
  [8, restore],
  [10, changeRights],
  [2, changeSession],
  [2, lag],
];

function createInPanel(team: Team): void {
  const sessionId = team.visibleSession();
  if (sessionId === undefined) return;
  const share = team.emulator.addShare(sessionId, { validTo: team.now + (1 + team.random.below(40)) * hour });
  team.track(`${sessionId}/${fingerprintOf(share.key)}`, share.key);
}

function revoke(team: Team): void {
  const share = team.pickShare((one) => team.isHonoured(one));
  if (share === undefined) return;
  team.emulator.revoke(share.key);
  team.note("revoked", share.id);
}

function restore(team: Team): void {
  const share = team.pickShare((one) => team.now < one.end && !team.isHonoured(one));
  if (share === undefined) return;
  team.emulator.restore(share.key);
  team.note("restored", share.id);
}

function changeRights(team: Team): void {
  const { emulator, hidden, random } = team;
  if (hidden.size > 0 && random.below(3) > 0) {
    const id = random.pick([...hidden]);
    hidden.delete(id);
    emulator.allowAccess(id);
    team.note("shown", id);
    return;
  }
  const share = team.pickShare((one) => team.isHonoured(one));
  const id = random.below(2) === 0 ? share?.key : share?.sessionId;
  if (id === undefined) return;
  hidden.add(id);
  emulator.denyAccess(id);
  team.note("hidden", id);
}

function changeSession(team: Team): void {
  const [removed] = team.removedSessions;
  if (removed !== undefined) {
    team.removedSessions.delete(removed);
    team.emulator.restoreSession(removed);
    team.note("session restored", removed);
  } else if (team.random.below(2) === 0) {
    team.emulator.addSession();
  } else {
    const sessionId = team.random.pick(team.emulator.sessions);
    team.removedSessions.add(sessionId);
    team.emulator.removeSession(sessionId);
    team.note("session removed", sessionId);
  }
}

function lag(team: Team): void {
  const { behaviour } = team.emulator;
  behaviour.lagMilliseconds = behaviour.lagMilliseconds === 0 ? 20 * minute : 0;
  team.note("lag", "everything");
}
