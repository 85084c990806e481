// The plugin in Go programs, on the real engine: examples/go, and a stack with two appliances.
import { describeAppliances } from "../support/plugin-appliances";
import { describeExample } from "../support/plugin-scenario";

jest.setTimeout(300_000);

describe("the example", () => describeExample("go"));
describe("two appliances", () => describeAppliances("go"));
