// Stacks whose state is on a real S3-compatible server (versitygw), as docs/state.md and docs/recovery.md describe it.
import { sharedStateTests } from "../support/shared-state-suite";
import { startS3 } from "../support/s3-server";

jest.setTimeout(180_000);

sharedStateTests(startS3);
