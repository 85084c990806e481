// The plugin in Go programs, on the real engine: examples/go, a stack with two appliances, and components.
import { describeAccess } from "../support/plugin-access";
import { describeAppliances } from "../support/plugin-appliances";
import { describeExample } from "../support/plugin-scenario";

jest.setTimeout(300_000);

describe("the example", () => describeExample("go"));
describe("two appliances", () => describeAppliances("go"));
describe("components", () => describeAccess("go"));
