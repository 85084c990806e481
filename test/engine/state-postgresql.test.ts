// Stacks whose state is in a real PostgreSQL, as docs/state.md and docs/recovery.md describe it.
import { newStack } from "../support/engine";
import { failed, succeeded } from "../support/engine-share";
import { startPostgresql } from "../support/postgresql-server";
import { sharedStateTests } from "../support/shared-state-suite";

jest.setTimeout(180_000);

const server = sharedStateTests(startPostgresql);

test("Pulumi prints and stores a password in the URL, but not PGPASSWORD", async () => {
  const { env, secret } = server().backend("password");
  const url = env["PULUMI_BACKEND_URL"]!;
  const inUrl = url.replace("@", `:${secret}@`);
  const nobody = (text: string) => text.replace(/127\.0\.0\.1:\d+/, "127.0.0.1:1");
  // Nothing else prints it: `canaries` searches all other output.
  const stack = await newStack({ program: "", env, canaries: () => [secret] });
  const shown = { record: false, env: { PULUMI_BACKEND_URL: inUrl } };
  expect((await stack.pulumi(["whoami", "--verbose"], shown)).all).toContain(secret);
  const unreachable = { ...shown, env: { PULUMI_BACKEND_URL: nobody(inUrl) } };
  expect(await stack.pulumi(["stack", "ls"], unreachable)).toMatchObject(failed(secret));
  expect(await stack.pulumi(["whoami", "--verbose"])).toMatchObject(succeeded("pulumi@127.0.0.1"));
  expect(await stack.pulumi(["stack", "ls"], { env: { PULUMI_BACKEND_URL: nobody(url) } })).toMatchObject(failed());
  expect(await stack.pulumi(["login", url], { env: { PULUMI_BACKEND_URL: undefined } })).toMatchObject(succeeded());
});

// If this test fails, the engine is mended: remove the rule from docs/state.md.
test("two stacks whose names differ in `_` and `-` stop each other's commands", async () => {
  const { env } = server().backend("underscore");
  const stack = await newStack({ program: "", env, mayShowStackTraces: true });
  for (const name of ["dev_1", "dev-1"]) expect(await stack.pulumi(["stack", "init", name])).toMatchObject(succeeded());
  for (const command of [["export", "--stack", "dev_1"], ["ls"]])
    expect(await stack.pulumi(["stack", ...command])).toMatchObject(failed("slice bounds out of range"));
  expect(await stack.pulumi(["stack", "export", "--stack", "dev-1"])).toMatchObject(succeeded());
});
