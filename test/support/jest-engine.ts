// What jest does around each file of engine tests: time enough for the real engine, and nothing left behind.
import { closeStacks } from "./engine";

jest.setTimeout(120_000);
afterAll(closeStacks);
