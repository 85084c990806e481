// Which stacks the audit has read: names with and without the organization are one, and other names are not.
import fc from "fast-check";
import { auditedStacks, isSameStack } from "../../../provider/audit/analyze/inventory/stack-identity";
import type { LoadedState } from "../../../provider/audit/collect/stacks";

const state = (stack?: string) => ({
  shares: [],
  pendingCreates: [],
  problems: [],
  ...(stack !== undefined && { stack }),
});
const read = (source: string, stack?: string): LoadedState => ({ source, state: state(stack) });

test.each<[string, LoadedState, string, boolean]>([
  ["the same name", read("x", "org/shop/dev"), "org/shop/dev", true],
  ["the name without the organization in the report", read("x", "org/shop/dev"), "shop/dev", true],
  ["the name without the organization in the state", read("x", "shop/dev"), "org/shop/dev", true],
  ["another organization", read("x", "org/shop/dev"), "other/shop/dev", false],
  ["another project", read("x", "shop/dev"), "bar/dev", false],
  ["a project whose name ends alike", read("x", "shop/dev"), "workshop/dev", false],
  ["an empty state that the command line names by its stack", read("dev"), "org/shop/dev", true],
  ["an empty state that the command line names by organization and stack", read("org/dev"), "org/shop/dev", true],
  ["an empty state of another organization", read("other/dev"), "org/shop/dev", false],
  ["a state that could not be read", { source: "org/shop/dev", problem: "no" }, "org/shop/dev", true],
  ["the command line's name of a state that has another one", read("org/shop/dev", "shop/prod"), "org/shop/dev", false],
])("%s", (_, loaded, stack, expected) => {
  expect(auditedStacks([loaded])(stack)).toBe(expected);
});

test("many stacks are compared as each one is", () => {
  const name = fc.array(fc.constantFrom("a", "b", "c"), { minLength: 1, maxLength: 3 }).map((parts) => parts.join("/"));
  const loaded = fc.record({ source: name, stack: fc.option(name, { nil: undefined }) });
  /** As the rule is written for one stack. */
  const isRead = ({ source, stack: known }: { source: string; stack: string | undefined }, stack: string) => {
    const [organization, last, ...more] = source.split("/");
    const isShort = last !== undefined && more.length === 0 && stack.startsWith(`${organization}/`);
    return known === undefined
      ? isSameStack(source, stack) || (isShort && stack.endsWith(`/${last}`))
      : isSameStack(known, stack);
  };
  fc.assert(
    fc.property(fc.array(loaded, { maxLength: 4 }), name, (states, stack) => {
      const isAudited = auditedStacks(states.map(({ source, stack: known }) => read(source, known)));
      expect(isAudited(stack)).toBe(states.some((one) => isRead(one, stack)));
    }),
    { numRuns: 3000, seed: 15 },
  );
});
