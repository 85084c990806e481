// Measures `fudo-audit`: one stack with many shares through the Pulumi CLI, and the exported states of many stacks.
import { atMost, number, type Part, type Table } from "../../part";
import { auditManyStacks, manyStacksTable, manyStacksThresholds, type ManyStacksSample } from "./many-stacks";
import { auditOneStack, sharesPerSession, type AuditSample } from "./one-stack";

export const audit: Part = {
  name: "audit",
  about: `\`fudo-audit --stack\` with a JSON and an HTML report, ${sharesPerSession} shares per session; and \`fudo-audit\` on the exported states of up to 1,000 stacks, ten shares per stack and five per session.`,
  async measure(workspace, { imported, quick, rounds }, log) {
    const oneStack: AuditSample[] = [];
    for (const shares of imported) {
      const sample = await auditOneStack(workspace, shares);
      oneStack.push(sample);
      const { sessions, ms, peakBytes, gets } = sample;
      log(
        `${shares} shares on ${sessions} sessions: ${number(ms / 1000)} s, ${number(peakBytes / 1e6)} MB, ${gets} GET`,
      );
    }
    const manyStacks: ManyStacksSample[] = [];
    for (const stacks of quick ? [50, 100, 200] : [250, 500, 1000]) {
      const sample = await auditManyStacks(workspace, stacks, rounds);
      manyStacks.push(sample);
      const seconds = sample.audit.map(({ ms }) => number(ms / 1000));
      log(`${stacks} stacks, ${sample.shares} shares: ${seconds.join(", ")} s, ${sample.gets} GET`);
    }
    return {
      tables: [oneStackTable(oneStack), manyStacksTable(manyStacks)],
      thresholds: [...oneStack.map(oneStackThreshold), ...manyStacksThresholds(manyStacks)],
      data: { oneStack, manyStacks },
    };
  },
};

function oneStackThreshold({ shares, sessions, gets }: AuditSample) {
  return atMost(`GETs of an audit, ${shares} shares on ${sessions} sessions`, gets, sessions, "one per session");
}

function oneStackTable(samples: readonly AuditSample[]): Table {
  const head = ["shares", "sessions", "audit, s", "peak RSS, MB", "GETs", "lists, MB", "JSON report, MB"];
  const rows = samples.map((s) => [
    String(s.shares),
    String(s.sessions),
    ...[s.ms / 1000, s.peakBytes / 1e6].map(number),
    String(s.gets),
    ...[s.listBytes / 1e6, s.reportBytes / 1e6].map(number),
  ]);
  return { title: "fudo-audit; the time includes the Pulumi CLI's export", rows: [head, ...rows] };
}
