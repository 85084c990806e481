// Jest's set-up for each file of engine tests: a timeout for the real engine, and no stack or process left after the file.
import { closeStacks } from "./engine";

jest.setTimeout(120_000);
afterAll(closeStacks);
