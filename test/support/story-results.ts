// Runs the stories of the contract on one appliance and returns what each of them saw, so that two appliances can be compared.
// The stories expect the documented appliance. On another one, an expectation that fails is a part of the result, and the story
// goes on.
import { contractStories } from "../contract/stories";
import type { SuiteOptions } from "./contract-suite";
import type { Driver, StartDriver } from "./drivers/driver";
import { startLifecycle } from "./drivers/lifecycle-driver";
import { VirtualClock } from "./virtual-clock";

const expectOf = expect;

type Body = (...parameters: unknown[]) => unknown;

interface Story {
  readonly title: string;
  readonly body: Body;
  readonly before: readonly Body[];
  readonly after: readonly Body[];
}

/** The title of each story, and everything that it saw: the result of each operation, the warnings, and how it ended. */
export type StoryResults = Readonly<Record<string, readonly string[]>>;

/** Runs every story. `now` is the time at which the clock of the appliance and of this process stand. */
export async function storyResults(options: Omit<SuiteOptions, "virtual">, now: number): Promise<StoryResults> {
  const virtual = new VirtualClock(now);
  const results: Record<string, string[]> = {};
  let seen: string[] = [];
  const start: StartDriver = async (given) =>
    recorded(await startLifecycle(given, virtual.shared("process")), (text) => void seen.push(text));
  const stories = collectStories(() => contractStories(start, { ...options, virtual }));
  Object.assign(globalThis, { expect: recordingExpect((text) => void seen.push(text)) });
  try {
    for (const { title, body, before, after } of stories) {
      seen = [];
      for (const hook of before) await hook();
      await Promise.resolve()
        .then(body)
        .catch((error: Error) => void seen.push(`ended by ${error.message}`));
      for (const hook of after) await hook();
      results[title] = withoutPorts(seen).map(withoutAgeFiles);
    }
  } finally {
    Object.assign(globalThis, { expect: expectOf });
  }
  return results;
}

/** `expect`, except that a failed expectation is recorded and not thrown. */
function recordingExpect(record: (text: string) => void): jest.Expect {
  const caught = (error: unknown) => record(`not as expected: ${(error as Error).message}`);
  const recording = (matchers: any): any =>
    new Proxy(matchers, {
      get: (_, name) => {
        const part = matchers[name];
        if (typeof part !== "function") return recording(part);
        return (...parameters: unknown[]) => {
          try {
            const result: unknown = part(...parameters);
            return result instanceof Promise ? result.catch(caught) : result;
          } catch (error) {
            caught(error);
          }
        };
      },
    });
  return Object.assign((value: unknown) => recording(expectOf(value)), expectOf) as jest.Expect;
}

/** Numbers the ports of a story in the order in which they appear: they differ from run to run. */
function withoutPorts(lines: readonly string[]): string[] {
  const ports: string[] = [];
  return lines.map((line) =>
    line.replace(/(?:127\.0\.0\.1|localhost):(\d+)/g, (_, port: string) => {
      if (!ports.includes(port)) ports.push(port);
      return `appliance ${ports.indexOf(port) + 1}`;
    }),
  );
}

/** age never writes the same file twice. The stories open each one. */
function withoutAgeFiles(line: string): string {
  return line.replace(/-----BEGIN AGE ENCRYPTED FILE-----.*?-----END AGE ENCRYPTED FILE-----/g, "a sealed URL");
}

/** The driver, which also records the outcome of each operation and, when it closes, its warnings. */
function recorded(driver: Driver, record: (text: string) => void): Driver {
  const names = ["check", "diff", "create", "read", "update", "delete"] as const;
  const operations = names.map((name) => {
    const operation = async (...parameters: unknown[]) => {
      try {
        const result = await (driver[name] as Body)(...parameters);
        record(`${name}: ${JSON.stringify(result)}`);
        return result;
      } catch (error) {
        record(`${name}: ${String(error)}`);
        throw error;
      }
    };
    return [name, operation] as const;
  });
  const close = async () => {
    record(`warnings: ${JSON.stringify(driver.warnings())}`);
    await driver.close();
  };
  return { ...driver, ...(Object.fromEntries(operations) as unknown as Driver), warnings: driver.warnings, close };
}

/** Calls a function that defines tests, and returns the tests instead of giving them to jest. */
function collectStories(define: () => void): Story[] {
  const stories: Story[] = [];
  const scopes: { title: string; before: Body[]; after: Body[] }[] = [{ title: "", before: [], after: [] }];
  const inner = () => scopes.at(-1)!;
  const add = (title: string, body: Body) => {
    const titles = [...scopes.map((scope) => scope.title), title].filter(Boolean);
    const [before, after] = [scopes.flatMap((scope) => scope.before), scopes.flatMap((scope) => scope.after)];
    stories.push({ title: titles.join(" > "), body, before, after });
  };
  const addEach = (rows: readonly unknown[]) => (title: string, body: Body) =>
    rows.forEach((row, index) => add(`${title} (${index})`, () => body(...(Array.isArray(row) ? row : [row]))));
  const ofJest = { describe, test, beforeEach, afterEach };
  Object.assign(globalThis, {
    describe: (title: string, body: () => void) => {
      scopes.push({ title, before: [], after: [] });
      body();
      scopes.pop();
    },
    test: Object.assign(add, { each: addEach }),
    beforeEach: (hook: Body) => inner().before.push(hook),
    afterEach: (hook: Body) => inner().after.push(hook),
  });
  try {
    define();
  } finally {
    Object.assign(globalThis, ofJest);
  }
  return stories;
}
