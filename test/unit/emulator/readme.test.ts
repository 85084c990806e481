// Compares the emulator's README with the code: every behaviour flag, fault kind and control operation, and no others.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { behaviourFlagList } from "../../../provider/emulator";
import { faultKinds } from "../../../provider/emulator/http/faults/parameters";
import { tableOf } from "../../support/repository";
import { send } from "./requests";
import { startTestEmulator } from "./fixture";

const readme = readFileSync(join(__dirname, "../../../provider/emulator/README.md"), "utf8");
const section = (title: string) => readme.split(/^## /m).find((text) => text.startsWith(title)) ?? "";
const names = (text: string) => [...text.matchAll(/`(\w+)`/g)].map(([, name]) => name);

test("the README lists every behaviour flag with its values and its question", () => {
  const rows = behaviourFlagList.map(({ name, values, question }) => {
    const shown =
      values.length > 0
        ? values.map((value, index) => (index === 0 ? `**${value}**` : value)).join(", ")
        : "**0** (none), 1, 2, …";
    return [`\`${name}\``, shown, question];
  });
  expect(tableOf(readme, "behaviour flag")).toEqual(rows);
});

test("each rejected request has a documented fact or a behaviour flag as its reason", () => {
  const flags = new Set<string>(behaviourFlagList.map(({ name }) => name));
  for (const row of section("Rejected requests")
    .split("\n")
    .filter((line) => /^\| .*\d{3}\s+\|/.test(line))) {
    const reason = row.split("|")[3] ?? "";
    const known = names(reason).every((name) => flags.has(name ?? ""));
    expect([row, known && (/^ documented: |limit/.test(reason) || names(reason).length > 0)]).toEqual([row, true]);
  }
});

test("the README lists every kind of fault", () => {
  const kinds = (section("Faults").match(/^\| `[^|]*/gm) ?? []).flatMap(names);
  expect(kinds).toEqual(faultKinds);
});

test("the README lists every operation of the control API", async () => {
  const emulator = await startTestEmulator({ control: true });
  const { error } = (await send(emulator, "POST", "/emulator/nonsense", { body: "[]" })).json as { error: string };
  const operations = (error.split("use one of ")[1] ?? "").split(", ");
  const documented = names(section("Control API").split("Operations: ")[1]?.split("\n\n")[0] ?? "");
  expect(documented.sort()).toEqual(operations.sort());
});
