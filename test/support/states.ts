// States and settings for tests of the lifecycle: one share as a state holds it, and settings as a stack gives them.
import { readSettings, type Settings, type SessionShareOutputs } from "../../provider/lifecycle";

export const now = Date.parse("2025-05-15T13:07:00.000Z");
export const hour = 3_600_000;
export const sessionId = "4665729213955833860";
export const fingerprint = "0123456789abcdef";
export const id = `${sessionId}/${fingerprint}`;

export function settings(config: Record<string, string> = {}, environment: Record<string, string> = {}): Settings {
  const complete = { "fudo:url": "https://fudo.example", "fudo:apiKey": "sgfeea6jsaz4mum9su8w6", ...config };
  return readSettings({
    config: (name) => (complete as Record<string, string>)[name],
    environment: (name) => environment[name],
  });
}

export function recorded(more: Partial<SessionShareOutputs> = {}): SessionShareOutputs {
  const key = "k".repeat(64);
  return {
    sessionId,
    readonly: true,
    labels: {},
    duration: "PT8H",
    validSince: "2025-05-15T13:06:59.123Z",
    validTo: "2025-05-15T21:06:59.123Z",
    key,
    link: `/sessions/${sessionId}/?key=${key}`,
    url: `https://fudo.example/sessions/${sessionId}/?key=${key}`,
    fingerprint,
    appliance: "https://fudo.example",
    ...more,
  };
}
