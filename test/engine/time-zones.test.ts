// Windows in a time zone on the real engine, with the dynamic class and with the plugin in YAML: the same steps, with the
// same results.
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { StateResource } from "../support/engine";
import { pluginShareType, pluginSharesIn } from "../support/engine-plugin";
import {
  editState,
  engineSuite,
  fingerprintOf,
  minuteText,
  share,
  shareType,
  succeeded,
  type EngineSuite,
} from "../support/engine-share";
import { languageSuite } from "../support/plugin-language";
import { checkedFurtherEast, checkedInKolkata, inKolkata, inUtc, localTime } from "../support/time-zones";

jest.setTimeout(300_000);

/** How a program of one language declares the share `vendor`, and where its state is. */
interface Face {
  readonly type: string;
  declare(suite: EngineSuite, inputs: object, options?: object): void;
  recorded(suite: EngineSuite): Promise<StateResource>;
}

const dynamic: Face = {
  type: shareType,
  declare: ({ declare, sessionId }, inputs, options) => declare(share("vendor", { sessionId, ...inputs }, options)),
  recorded: ({ recordedShare }) => recordedShare(),
};

const yaml: Face = {
  type: pluginShareType,
  declare: ({ stack, sessionId }, inputs, options = {}) => {
    const vendor = { type: "fudo:SessionShare", properties: { sessionId, ...inputs }, options };
    const outputs = { validTo: "${vendor.validTo}" };
    const program = { name: "project", runtime: "yaml", resources: { vendor }, outputs };
    writeFileSync(join(stack.folder, "project", "Pulumi.yaml"), JSON.stringify(program));
  },
  recorded: async ({ stack }) => pluginSharesIn(await stack.export())[0]!,
};

const window = () => ({ validSince: inKolkata(-1), validTo: inKolkata(8) });
const noChange = ["--expect-no-changes"];

function describeTimeZones(suite: () => EngineSuite, face: Face): void {
  const declare = (inputs: object, options?: object) => face.declare(suite(), inputs, options);
  const recorded = () => face.recorded(suite());

  test("`preview` shows the end in UTC, and `up` follows its plan: the requested window is the one in UTC", async () => {
    const { stack, emulator } = suite();
    declare(window());
    const preview = await stack.preview(["--save-plan", "plan.json"]);
    expect(preview).toMatchObject(succeeded("+ 2 to create", inUtc(8)));
    expect(preview.all).not.toContain("Kolkata");
    expect(emulator.requests).toEqual([]);
    expect(await stack.up(["--plan", "plan.json"])).toMatchObject(succeeded("+ 2 created"));
    expect(emulator.shares()).toMatchObject([{ validSince: inUtc(-1), validTo: inUtc(8) }]);
    const { inputs, outputs } = await recorded();
    expect(inputs).toMatchObject({ validSince: checkedInKolkata(-1), validTo: checkedInKolkata(8) });
    expect(outputs).toMatchObject({ validSince: inUtc(-1), validTo: inUtc(8) });
  });

  test("`refresh` finds nothing new and keeps the zone in the inputs", async () => {
    const { stack } = suite();
    expect(await stack.refresh(noChange)).toMatchObject(succeeded("2 unchanged"));
    expect((await recorded()).inputs).toMatchObject({ validTo: checkedInKolkata(8) });
  });

  test("the same program and other spellings of the same instants change nothing and send no request", async () => {
    const { stack, newRequests } = suite();
    newRequests();
    for (const spelling of [
      window(),
      { validSince: `${localTime(-1, -3)}-03:00`, validTo: `${localTime(8, 0)}[UTC]` },
      { validSince: inUtc(-1), validTo: `${localTime(8, 5.5)}+05:30[asia/kolkata]` },
    ]) {
      declare(spelling);
      expect(await stack.up(noChange)).toMatchObject(succeeded("2 unchanged"));
    }
    expect(newRequests()).toEqual([]);
  });

  test("an offset of another time-zone database changes nothing: no diff, no request, other labels included", async () => {
    const { stack, newRequests } = suite();
    const edit = ({ inputs, outputs }: StateResource) => {
      Object.assign(inputs!, { validTo: checkedFurtherEast(8) });
      Object.assign(outputs!, { validTo: inUtc(7) });
    };
    await editState(stack, edit, face.type);
    declare(window());
    newRequests();
    expect(await stack.up(noChange)).toMatchObject(succeeded("2 unchanged"));
    declare({ ...window(), validTo: inKolkata(9) }, { ignoreChanges: ["validTo"] });
    expect(await stack.up(noChange)).toMatchObject(succeeded("2 unchanged"));
    declare({ ...window(), labels: { ticket: "OPS-2" } });
    expect(await stack.up()).toMatchObject(succeeded("~ 1 updated"));
    expect(newRequests()).toEqual([]);
    expect(await recorded()).toMatchObject({
      inputs: { validTo: checkedFurtherEast(8) },
      outputs: { validTo: inUtc(7), labels: { ticket: "OPS-2" } },
    });
  });

  test("another local time replaces the share, and the new one is resolved with today's database", async () => {
    const { stack, newRequests } = suite();
    declare({ ...window(), validTo: inKolkata(9) });
    expect(await stack.up()).toMatchObject(succeeded("+-1 replaced", minuteText(inUtc(9))));
    expect(newRequests()).toEqual(["GET 200", "POST 200", "GET 200"]);
    expect(await recorded()).toMatchObject({
      inputs: { validTo: checkedInKolkata(9) },
      outputs: { validTo: inUtc(9) },
    });
  });
}

describe("the dynamic class", () => describeTimeZones(engineSuite(), dynamic));

describe("the plugin", () => {
  const suite = languageSuite("yaml");
  describeTimeZones(suite, yaml);

  test("an imported share has UTC in its inputs, and a program with a zone changes nothing", async () => {
    const { stack, emulator, sessionId } = suite();
    expect(await stack.destroy()).toMatchObject(succeeded("deleted"));
    const { key } = emulator.addShare(sessionId, { validSince: inUtc(-1), validTo: inUtc(5) });
    const id = `${sessionId}/${fingerprintOf(key)}`;
    const args = ["import", pluginShareType, "vendor", id, "--yes", "--generate-code=false", "--protect=false"];
    expect(await stack.pulumi(args)).toMatchObject(succeeded("1 imported"));
    expect((await yaml.recorded(suite())).inputs).toMatchObject({ validTo: inUtc(5) });
    yaml.declare(suite(), { validSince: inKolkata(-1), validTo: inKolkata(5) });
    expect(await stack.up()).toMatchObject(succeeded("2 unchanged"));
    expect((await yaml.recorded(suite())).inputs).toMatchObject({ validTo: checkedInKolkata(5) });
  });
});
