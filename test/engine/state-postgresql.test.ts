// Stacks whose state is in a real PostgreSQL, as docs/state.md and docs/recovery.md describe it.
import { sharedStateTests } from "../support/shared-state-suite";
import { startPostgresql } from "../support/postgresql-server";

jest.setTimeout(180_000);

sharedStateTests(startPostgresql);
