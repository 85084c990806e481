// What one run of doctor has seen of the appliance so far: the exchanges, the share that it made, and how far it got.
import type { Exchange } from "../../client";
import type { TestShare } from "./create-test-share";

/** Grows while doctor runs. Everything that doctor says about the appliance is computed from it. */
export class ApplianceRecord {
  /** In the order in which they ended. They hold credentials. */
  readonly exchanges: Exchange[] = [];
  /** The response to a key that does not exist. */
  wrongKey: Exchange | undefined;
  /** The session that doctor observes. */
  session: string | undefined;
  share: TestShare | undefined;
  /** The latest end that the share can have, milliseconds. Set right before the POST. */
  latestEnd: number | undefined;
  /** This machine's time when the share was over by the appliance's clock, milliseconds. */
  endedAt: number | undefined;
  /** What the client could not read in the newest list. */
  listProblems: readonly string[] = [];

  /** For `observe` of the client. */
  readonly add = (exchange: Exchange): void => void this.exchanges.push(exchange);
}
