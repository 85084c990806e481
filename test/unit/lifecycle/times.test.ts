// How messages print lengths.
import { exceedingLengthText, instantText, lengthText } from "../../../provider/lifecycle/share/times";

const [second, minute, hour, day] = [1000, 60_000, 3_600_000, 86_400_000];

test.each([
  [0, "0 s"],
  [-5, "0 s"],
  [499, "0 s"],
  [45 * second, "45 s"],
  [59 * minute + 29 * second, "59 min 29 s"],
  [59 * minute + 59 * second, "1 h"],
  [hour - 1, "1 h"],
  [8 * hour - 877, "8 h"],
  [8 * hour + 31 * second, "8 h 1 min"],
  [7 * day - 900, "7 d"],
  [30 * day + hour, "30 d 1 h"],
  [2 * day + 3 * hour + 5 * minute, "2 d 3 h"],
])("%d ms are %s", (length, text) => {
  expect(lengthText(length)).toBe(text);
});

test.each([
  [30 * day + hour, "30 d 1 h"],
  [30 * day + 1, "30 d 1 ms"],
  [30 * day + 20 * second, "30 d 20 s"],
])("a length of %d ms is not printed like the limit of 30 d", (length, text) => {
  expect(exceedingLengthText(length, 30 * day)).toBe(text);
});

test.each([
  [Date.parse("2025-05-15T21:07:59.999Z"), "2025-05-15 21:07 UTC"],
  [Infinity, "a time that is not known"],
  [-Infinity, "a time that is not known"],
  [NaN, "a time that is not known"],
  [Date.UTC(10_000, 0, 1), "a time that is not known"],
])("the instant %d is %s", (instant, text) => {
  expect(instantText(instant)).toBe(text);
});
