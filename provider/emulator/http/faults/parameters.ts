// Checks the parameters of a fault before it is added: what the emulator could not apply must not wait for a request.
import { validateHeaderName, validateHeaderValue } from "node:http";
import {
  anything,
  type Check,
  checkProperties,
  type Checks,
  isPlainObject,
  maxDelay,
  oneOf,
  probability,
  requireKnown,
  text,
  textOrNumber,
  trueOrFalse,
  wholeNumber,
} from "../../checks";
import { requestFilterChecks } from "../request-filter";
import { compressionNames } from "./compression";
import type { FaultEffect } from "./effects";
import type { Fault, RandomFaults } from "./fault";

type Parameters = { [Kind in FaultEffect["kind"]]: Checks<Omit<Extract<FaultEffect, { kind: Kind }>, "kind">> };

const count = wholeNumber(0, Number.MAX_SAFE_INTEGER);
// A status below 200 announces another response, so that the client would wait for ever.
const status = wholeNumber(200, 599);

const headers: Check = (name, value) => {
  if (!isPlainObject(value)) throw new RangeError(`${name} must be an object with a text for each header`);
  for (const [header, content] of Object.entries(value)) {
    text(`${name}: ${header}`, content);
    validateHeaderName(header);
    if (header.toLowerCase() === "trailer")
      throw new RangeError(`${name}: Trailer cannot be sent with a Content-Length`);
    validateHeaderValue(header, content as string);
  }
};

const headerOptions = { retryAfter: wholeNumber(0, 1e9), retryAfterForm: oneOf("seconds", "date"), headers };

const parameters: Parameters = {
  reset: { requestBytes: count, responseBytes: count },
  halfClose: { responseBytes: count },
  hang: { responseBytes: count },
  slow: { bytes: wholeNumber(1, Number.MAX_SAFE_INTEGER), every: wholeNumber(0, maxDelay) },
  truncated: { bytes: count },
  contentLength: { difference: wholeNumber(-1e9, 1e9) },
  html: { status, ...headerOptions },
  failure: { status, message: text, ...headerOptions },
  bare: { status, body: text, ...headerOptions },
  duplicate: {},
  shuffle: {},
  without: { attribute: text, index: count },
  unknownAttributes: {},
  huge: { bytes: wholeNumber(0, 200_000_000), chunked: trueOrFalse, gzip: trueOrFalse },
  badGzip: {},
  attribute: { attribute: text, value: anything, index: count },
  masked: { mask: text, index: count },
  entry: { value: anything, index: count },
  list: { as: oneOf("absent", "single"), value: anything },
  byteOrderMark: {},
  headers: { headers },
  compressed: { encoding: oneOf(...compressionNames), over: count },
};

/** Parameters that a kind of fault needs; all others have a default. */
const required: Partial<Record<FaultEffect["kind"], string>> = {
  without: "attribute",
  attribute: "attribute",
  headers: "headers",
};

const when = oneOf("before", "after");

/** All kinds of faults. */
export const faultKinds = Object.keys(parameters) as FaultEffect["kind"][];

/** Throws an error that names the first parameter that is unknown, missing or wrong. */
export function checkFault(fault: Fault): void {
  if (!isPlainObject(fault)) throw new RangeError("a fault must be an object with a kind");
  const { kind } = fault;
  requireKnown("fault", kind, faultKinds);
  const times: Check = (name, value) => {
    if (value !== Infinity) wholeNumber(1, Number.MAX_SAFE_INTEGER)(name, value);
  };
  checkProperties(`fault "${kind}"`, fault, {
    kind: text,
    ...parameters[kind],
    ...requestFilterChecks,
    when,
    times,
    skip: count,
  });
  const needed = required[kind];
  if (needed !== undefined && fault[needed as keyof Fault] === undefined)
    throw new RangeError(`fault "${kind}": ${needed} is required`);
}

/** Throws an error that names the first property that is unknown or wrong. */
export function checkRandomFaults(faults: RandomFaults): void {
  const checks: Checks<RandomFaults> = {
    seed: textOrNumber,
    lostPostResponses: probability,
    lostPosts: probability,
    otherFaults: probability,
  };
  checkProperties("random faults", faults, checks);
  if (faults.seed === undefined) throw new RangeError("random faults: seed is required");
}
