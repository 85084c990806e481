// check, where the option ignoreChanges keeps one end of the window and the program declares the other one.
import { check } from "../../../provider/lifecycle/operations/check";
import { now, sessionId, settings } from "../../support/states";

const context = { settings: settings(), now };

describe("an exchanged end under `ignoreChanges`, which restores the recorded one or removes the program's, is named", () => {
  const since = "2025-05-14T05:11:00.000Z";
  const validTo = "2025-05-15T05:11:00.000Z";
  const duration = "PT8H";
  const oneEnd = "validTo: set exactly one of validTo and duration";
  const share = { sessionId, readonly: true, labels: {}, validSince: since };

  test.each<[string, object, object, string]>([
    ["duration restored", { duration }, { duration, validTo }, 'adds the recorded duration: remove "duration" from it'],
    ["validTo restored", { validTo }, { duration, validTo }, 'adds the recorded validTo: remove "validTo" from it'],
    ["validTo removed", { duration }, {}, 'If the program declares validTo, .* removes it: remove "validTo" from it'],
    ["duration removed", { validTo }, {}, 'declares duration, the option ignoreChanges removes it: remove "duration"'],
  ])("%s", (_, olds, news, hint) => {
    const { failures } = check({ ...share, ...olds }, { ...share, ...news }, context);
    const reason = expect.stringMatching(new RegExp(`^${oneEnd}\\. .*${hint}`));
    expect(failures).toContainEqual({ property: "", reason });
  });

  test.each<[string, object, object]>([
    ["a new share with both", {}, { duration, validTo }],
    ["a new share with neither", {}, {}],
    ["both, and neither is the recorded one", { duration: "PT4H" }, { duration, validTo }],
  ])("but not %s", (_, olds, news) => {
    const recorded = Object.keys(olds).length === 0 ? {} : { ...share, ...olds };
    const { failures } = check(recorded, { ...share, ...news }, context);
    expect(failures.map(({ reason }) => reason)).toContain(oneEnd);
  });
});
