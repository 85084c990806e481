// Which name a misspelled one is taken for, and which names are taken for none.
import { closestName, didYouMean } from "../../../provider/lifecycle/did-you-mean";

const inputs = ["sessionId", "validSince", "validTo", "duration", "readonly", "labels", "adopt", "deletionPolicy"];
const settings = ["fudo:url", "fudo:apiKey", "fudo:publicUrl", "fudo:timeout", "fudo:maxDuration"];

test.each([
  ["duraton", "duration"],
  ["duratoin", "duration"],
  ["Duration", "duration"],
  ["read_only", "readonly"],
  ["validto", "validTo"],
  ["sesionID", "sessionId"],
  ["label", "labels"],
  ["deletePolicy", "deletionPolicy"],
])("%s is taken for %s", (given, name) => expect(closestName(given, inputs)).toBe(name));

test.each([
  ["fudo:ulr", "fudo:url"],
  ["fudo:URL", "fudo:url"],
  ["fudo:api_key", "fudo:apiKey"],
  ["fudo:publicURL", "fudo:publicUrl"],
  ["fudo:maxDuraton", "fudo:maxDuration"],
])("%s is taken for %s", (given, name) => expect(closestName(given, settings)).toBe(name));

test.each(["vendor", "key", "ticket", "", "x", "__proto__", "d".repeat(100_000)])(
  "%.20s is taken for no input",
  (given) => expect(didYouMean(given, inputs)).toBe(""),
);

test.each([
  ["db-1", "db-01"],
  ["Łodź", "Łódź"],
  ["Сименс ", "Сименс"],
])("the name %s on the appliance is taken for %s", (given, name) =>
  expect(closestName(given, ["web-01", "db-01", "Łódź", "Сименс", "!!!", "東京"])).toBe(name),
);

test.each(["???", "大阪", "Петров"])("%s is taken for no other name without Latin letters", (given) =>
  expect(closestName(given, ["!!!", "Сименс", "東京"])).toBeUndefined(),
);
