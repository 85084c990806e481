// The plugin in Python programs, on the real engine: examples/python, a stack with two appliances, and components.
import { describeAccess } from "../support/plugin-access";
import { describeAppliances } from "../support/plugin-appliances";
import { describeExample } from "../support/plugin-scenario";

jest.setTimeout(300_000);

describe("the example", () => describeExample("python"));
describe("two appliances", () => describeAppliances("python"));
describe("components", () => describeAccess("python"));
