// The facts in an appliance profile that no behaviour flag can hold: delays, and the forms of responses. Everything is a
// number, a truth value or a word of a closed list, so that no credential, ID or name can get into a profile.
import { type Check, checkProperties, type Checks, oneOf, requireKnown, trueOrFalse, wholeNumber } from "../checks";

/** Delays in milliseconds. */
export interface ProfileDelays {
  /** From the response to the POST until a list showed the share. */
  readonly listedAfter?: number;
  /** From the `Date` of the response to the POST until the share's `created_at`, both by the appliance's clock. */
  readonly createdAtAfterDate?: number;
}

/** A JSON type. */
export type JsonType = (typeof jsonTypes)[number];

/** The name of an attribute in the vendor's table. */
export type DocumentedAttribute = (typeof documentedAttributes)[number];

/** The attributes of an object: the JSON types of the documented ones, and how many others there are. */
export interface AttributeShapes {
  /** The JSON types of each attribute in the vendor's table. */
  readonly documented: Readonly<Partial<Record<DocumentedAttribute, readonly JsonType[]>>>;
  /** How many other attributes there are. */
  readonly others: number;
}

/** An error response. `failure` is the documented body, `{"result":"failure","message":…}`. */
export interface ErrorShape {
  /** The HTTP status. */
  readonly status: number;
  /** The form of the body. */
  readonly body: (typeof errorBodies)[number];
}

/** The forms of responses. */
export interface ProfileShapes {
  /** Each form of a time, with a zero for each digit: `0000-00-00 00:00:00-00`. */
  readonly times?: readonly string[];
  /** Whether responses have a `Date` header. */
  readonly dateHeader?: boolean;
  /** The status of the response to the POST. */
  readonly postStatus?: number;
  /** The share in the response to the POST. */
  readonly created?: AttributeShapes;
  /** All entries of the lists together. */
  readonly listed?: AttributeShapes;
  /** The types that objspec names, and how many other attributes it has. */
  readonly objspec?: {
    readonly documented: Readonly<Partial<Record<DocumentedAttribute, (typeof specTypes)[number]>>>;
    readonly others: number;
  };
  /** The response to a wrong API key. */
  readonly wrongKey?: ErrorShape;
  /** The list of a session that does not exist. */
  readonly unknownSession?: ErrorShape;
  /** By how many milliseconds the granted window differs from the requested one. */
  readonly grantedWindow?: { readonly start: number; readonly end: number };
  /** The list of a session without shares. */
  readonly emptyList?: (typeof emptyLists)[number];
  /** Whether a list shows a key more than once. */
  readonly repeatedEntries?: boolean;
  /** How many entries of the lists have no readable key. */
  readonly unidentifiedEntries?: number;
  /** How the list shows the share after its end. */
  readonly afterEnd?: (typeof statesAfterEnd)[number];
}

const jsonTypes = ["string", "number", "boolean", "null", "array", "object"] as const;
const specTypes = ["string", "datetime", "boolean", "integer", "number", "other"] as const;
const errorBodies = ["failure", "json", "html", "text", "empty"] as const;
const emptyLists = ["array", "null", "absent", "object", "other"] as const;
const statesAfterEnd = ["listed", "removed", "hidden"] as const;
const documentedAttributes = [
  "id",
  "session_id",
  "user_id",
  "key",
  "valid_since",
  "valid_to",
  "readonly",
  "link",
  "created_at",
  "modified_at",
  "removed",
] as const;

const day = 86_400_000;
const count = wholeNumber(0, 1_000_000);
const status = wholeNumber(100, 599);

/** An object that has all these properties, or, with `optional`, any of them. */
function objectOf(properties: Readonly<Record<string, Check>>, presence: "required" | "optional"): Check {
  return (name, value) => {
    checkProperties(name, value, properties);
    const missing = Object.keys(properties).find((property) => !Object.hasOwn(value as object, property));
    if (presence === "required" && missing !== undefined) throw new RangeError(`${name}: ${missing} is required`);
  };
}

function listOf(check: Check): Check {
  return (name, value) => {
    if (!Array.isArray(value)) throw new RangeError(`${name} must be a list`);
    for (const entry of value as unknown[]) check(name, entry);
  };
}

const forEachAttribute = (check: Check): Check =>
  objectOf(Object.fromEntries(documentedAttributes.map((name) => [name, check])), "optional");
const attributes = (check: Check): Check =>
  objectOf({ documented: forEachAttribute(check), others: count }, "required");
const listedTypes = attributes(listOf((name, value) => requireKnown(`JSON type in ${name}`, value, jsonTypes)));
const error = objectOf({ status, body: oneOf(...errorBodies) }, "required");

const timeForm: Check = (name, value) => {
  if (typeof value !== "string" || !/^([-+]?infinity|other|[0TZ :.+-]{1,40})$/.test(value))
    throw new RangeError(`${name} must be forms of times, with a zero for each digit`);
};

const shapes: Checks<ProfileShapes> = {
  times: listOf(timeForm),
  dateHeader: trueOrFalse,
  postStatus: status,
  created: listedTypes,
  listed: listedTypes,
  objspec: attributes(oneOf(...specTypes)),
  wrongKey: error,
  unknownSession: error,
  grantedWindow: objectOf({ start: wholeNumber(-day, day), end: wholeNumber(-day, day) }, "required"),
  emptyList: oneOf(...emptyLists),
  repeatedEntries: trueOrFalse,
  unidentifiedEntries: count,
  afterEnd: oneOf(...statesAfterEnd),
};

const delays: Checks<ProfileDelays> = { listedAfter: wholeNumber(0, day), createdAtAfterDate: wholeNumber(-day, day) };

/** The checks of both parts of a profile. */
export const shapeChecks = { delays: objectOf(delays, "optional"), shapes: objectOf(shapes, "optional") };
