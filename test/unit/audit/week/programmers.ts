// What programmers do with their stacks during the week, with the real lifecycle: they create, refresh, replace, accept and drop
// shares, and destroy stacks.
import type { Event, Resource, Team } from "./team";

export const programmers: readonly Event[] = [
  [26, create],
  [14, refresh],
  [8, replace],
  [5, drop],
  [2, destroy],
  [5, accept],
];

async function create(team: Team): Promise<void> {
  const sessionId = team.visibleSession();
  if (sessionId === undefined) return;
  const stack = team.random.pick(["app", "net", "ops"]);
  const resource = await team.created(team.newInputs(sessionId));
  const resources = team.stacks.get(stack) ?? new Map<string, Resource>();
  team.stacks.set(stack, resources.set(`vendor-${(team.count += 1)}`, resource));
}

/** Refreshes one whole stack: a share whose list fails stays as it is. */
async function refresh(team: Team): Promise<void> {
  if (team.stacks.size === 0) return;
  const resources = team.random.pick([...team.stacks.values()]);
  await team.process(async (driver) => {
    for (const [name, resource] of resources) {
      const read = await driver.read(resource.id, resource.outputs).catch(() => undefined);
      if (read === undefined) continue;
      resources.set(name, { ...resource, outputs: read });
      team.note("refreshed", resource.id);
    }
  });
}

async function replace(team: Team): Promise<void> {
  const found = team.pickResource(
    ({ inputs }) =>
      !team.hidden.has(String(inputs["sessionId"])) && !team.removedSessions.has(String(inputs["sessionId"])),
  );
  if (found === undefined) return;
  const [resources, name, { id, inputs }] = found;
  resources.set(name, await team.created(team.newInputs(String(inputs["sessionId"]))));
  team.note("replaced", id);
}

function drop(team: Team): void {
  const found = team.pickResource(() => true);
  if (found === undefined) return;
  const [resources, name, { id }] = found;
  resources.delete(name);
  team.note("dropped", id);
}

function destroy(team: Team): void {
  if (team.stacks.size === 0) return;
  const stack = team.random.pick([...team.stacks.keys()]);
  for (const { id } of team.stacks.get(stack)?.values() ?? []) team.note("destroyed", id);
  team.stacks.delete(stack);
}

/** A person accepts that a share works again. */
async function accept(team: Team): Promise<void> {
  const found = team.pickResource(({ outputs }) => outputs["reactivated"] === true);
  if (found === undefined) return;
  const [resources, name, resource] = found;
  const inputs = { ...resource.inputs, adopt: resource.outputs["fingerprint"] };
  const outputs = await team.process((driver) => driver.update(resource.id, resource.outputs, inputs));
  resources.set(name, { ...resource, inputs, outputs });
  team.note("accepted", resource.id);
}
