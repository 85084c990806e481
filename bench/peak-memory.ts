// Reads the peak resident memory of one process below a running command.
import { readFileSync } from "node:fs";
import { setTimeout as pause } from "node:timers/promises";
import type { Running } from "../test/support/engine-command";

/** Bytes, once the command has ended. Works on Linux only: it records the peak in /proc. Throws elsewhere. */
export async function peakMemory(running: Running, isTarget: (command: string) => boolean): Promise<number> {
  let over = false;
  void running.done.then(() => (over = true));
  let pid: number | undefined;
  let peak: number | undefined;
  while (!over) {
    pid ??= running.descendants().find(({ command }) => isTarget(command))?.pid;
    peak = (pid === undefined ? undefined : highWater(pid)) ?? peak;
    await pause(20);
  }
  if (peak === undefined)
    throw new Error(
      "no peak memory was read: the provider process did not appear, or this system has no /proc/PID/status (only Linux has it)",
    );
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
