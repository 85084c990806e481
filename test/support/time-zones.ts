// Windows in a time zone for tests: local times relative to now, in a zone whose offset never changes, so that the tests pass
// on any day of the year.

const hour = 3_600_000;
/** Read once: a test must not compare two minutes. */
const startedAt = Math.ceil(Date.now() / 60_000) * 60_000;

/** The local time `hours` from now where the offset from UTC is this many hours: `2026-12-05T20:00`. */
export function localTime(hours: number, offset: number): string {
  return new Date(startedAt + (hours + offset) * hour).toISOString().slice(0, 16);
}

/** `2026-12-05T20:00[Asia/Kolkata]` */
export const inKolkata = (hours: number) => `${localTime(hours, 5.5)}[Asia/Kolkata]`;

/** As check returns `inKolkata`. */
export const checkedInKolkata = (hours: number) => inKolkata(hours).replace("[", ":00.000+05:30[");

/** As check returned `inKolkata` with a time-zone database in which the zone was one hour further east. */
export const checkedFurtherEast = (hours: number) => inKolkata(hours).replace("[", ":00.000+06:30[");

/** As outputs have it: `2026-12-05T14:30:00.000Z`. */
export const inUtc = (hours: number) => `${localTime(hours, 0)}:00.000Z`;
