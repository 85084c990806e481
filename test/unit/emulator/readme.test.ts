// The emulator's README says what the code does: every switch, fault and name of the control door, and no other.
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { switchList } from "../../../provider/emulator";
import { effectKinds } from "../../../provider/emulator/http/faults/effects";
import { tableOf } from "../../support/repository";
import { call } from "./requests";
import { stage } from "./fixture";

const readme = readFileSync(join(__dirname, "../../../provider/emulator/README.md"), "utf8");
const section = (title: string) => readme.split(/^## /m).find((text) => text.startsWith(title)) ?? "";
const names = (text: string) => [...text.matchAll(/`(\w+)`/g)].map(([, name]) => name);

test("the table of switches is the code's", () => {
  const rows = switchList.map(({ name, values, question }) => {
    const shown =
      values.length > 0
        ? values.map((value, index) => (index === 0 ? `**${value}**` : value)).join(", ")
        : "**0** (none), 1, 2, …";
    return [`\`${name}\``, shown, question];
  });
  expect(tableOf(readme, "switch")).toEqual(rows);
});

test("each row of what is refused names a fact or a switch", () => {
  const switches = new Set<string>(switchList.map(({ name }) => name));
  for (const row of section("What it refuses")
    .split("\n")
    .filter((line) => /^\| .*\d{3}\s+\|/.test(line))) {
    const because = row.split("|")[3] ?? "";
    const known = names(because).every((name) => switches.has(name ?? ""));
    expect([row, known && (/^ fact: |limit/.test(because) || names(because).length > 0)]).toEqual([row, true]);
  }
});

test("the table of faults has every kind", () => {
  const kinds = (section("Faults").match(/^\| `[^|]*/gm) ?? []).flatMap(names);
  expect(kinds).toEqual(effectKinds);
});

test("the names of the control door are all there are", async () => {
  const emulator = await stage({ control: true });
  const { error } = (await call(emulator, "POST", "/emulator/nonsense", { body: "[]" })).json as { error: string };
  const there = (error.split("there are ")[1] ?? "").split(", ");
  const told = names(section("The control door").split("Names: ")[1]?.split("Whoever")[0] ?? "");
  expect(told.sort()).toEqual(there.sort());
});
