/**
 * What is done to which values before anything is kept (000, "Privacy, Redaction, Retention"). A policy belongs to a
 * workspace, or to one workflow of it, whose rules go first. It is data; `redactor.ts` carries it out.
 */
import { type DetectorName, detectorNames } from "./detectors.ts"

/**
 * `redact`: gone. `hash`: a keyed digest, so that equal values stay equal and nothing more. `tokenize`: ciphertext that
 * an admin can open, and that agents get opened. `keep`: left as it is.
 */
export const redactionMethods = ["redact", "hash", "tokenize", "keep"] as const
export type RedactionMethod = (typeof redactionMethods)[number]

/** Where a value comes in; see `ports/redaction.ts`. */
export const redactionKinds = [
  "input",
  "output",
  "error",
  "signal",
  "form",
  "comment",
  "patch",
  "identifier",
  "log",
] as const
export type RedactionKind = (typeof redactionKinds)[number]

export interface FieldRule {
  /** `customer.email`, `items.*.card`, `**.password`; see `field-path.ts`. */
  readonly path: string
  readonly method: RedactionMethod
  /** Empty or absent: wherever it comes in, but for the names runs are found by (`identifier`). */
  readonly in?: readonly RedactionKind[]
  /** What stands in the place of the value; absent: the last name of the path. */
  readonly label?: string
}

export interface RedactionPolicy {
  /** Those not named: the workspace's for a workflow's policy, Waybill's own for a workspace's. */
  readonly detectors: { readonly [name in DetectorName]?: RedactionMethod }
  /** The first that fits a value is the one. */
  readonly fields: readonly FieldRule[]
}

/**
 * Credentials and the numbers that can be proven to be somebody's account are tokens: no run breaks by that, since agents
 * get them opened, and nobody reads them on a disk. Addresses and telephone numbers are what many workflows decide by;
 * who wants them out as well says so.
 */
export const defaultPolicy: RedactionPolicy = {
  detectors: Object.fromEntries(
    detectorNames.map((name): [DetectorName, RedactionMethod] => [name, isCommon(name) ? "keep" : "tokenize"]),
  ),
  fields: [],
}

function isCommon(name: DetectorName): boolean {
  return name === "email" || name === "phone" || name === "ip_address"
}

/** The narrowest first. */
export function effectivePolicy(policies: readonly (RedactionPolicy | null)[]): RedactionPolicy {
  const there = policies.filter((policy) => policy !== null)
  return {
    detectors: Object.assign({}, defaultPolicy.detectors, ...[...there].reverse().map(({ detectors }) => detectors)),
    fields: there.flatMap(({ fields }) => fields),
  }
}
