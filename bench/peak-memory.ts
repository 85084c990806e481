// The peak resident memory of a process below a running command.
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import type { Running } from "../test/support/engine-command";

/** Bytes, when the command has ended. Linux keeps the peak; elsewhere this throws. */
export async function peakMemory(running: Running, isMeant: (command: string) => boolean): Promise<number> {
  let over = false;
  void running.done.then(() => (over = true));
  let pid: number | undefined;
  let peak: number | undefined;
  while (!over) {
    pid ??= running.family().find(({ command }) => isMeant(command))?.pid;
    peak = (pid === undefined ? undefined : highWater(pid)) ?? peak;
    await pause(20);
  }
  if (peak === undefined)
    throw new Error("the provider process was never seen, or this system does not tell its peak memory (Linux does)");
  return peak;
}

function highWater(pid: number): number | undefined {
  try {
    const [, kilobytes] = /^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, "utf8")) ?? [];
    return kilobytes === undefined ? undefined : Number(kilobytes) * 1024;
  } catch {
    return undefined;
  }
}
