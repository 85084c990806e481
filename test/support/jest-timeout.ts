// No test is a timed test: a machine that does much else at once may take its time.
jest.setTimeout(60_000);
