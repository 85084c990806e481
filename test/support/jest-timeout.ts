// Jest's timeout for unit and contract tests: no test measures time, and the machine may be busy.
jest.setTimeout(60_000);
