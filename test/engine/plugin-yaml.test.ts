// The plugin in YAML programs, on the real engine: examples/yaml, and a stack with two appliances.
import { describeAppliances } from "../support/plugin-appliances";
import { describeExample } from "../support/plugin-scenario";

jest.setTimeout(300_000);

describe("the example", () => describeExample("yaml"));
describe("two appliances", () => describeAppliances("yaml"));
