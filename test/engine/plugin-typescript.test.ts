// The plugin in TypeScript programs, on the real engine: examples/typescript-plugin, a stack with two appliances, and components.
import { describeAccess } from "../support/plugin-access";
import { describeAppliances } from "../support/plugin-appliances";
import { describeExample } from "../support/plugin-scenario";

jest.setTimeout(300_000);

describe("the example", () => describeExample("typescript"));
describe("two appliances", () => describeAppliances("typescript"));
describe("components", () => describeAccess("typescript"));
