/** An event's payload read without trust: releases to come may bring more. */
export type Payload = { readonly [name: string]: unknown }

export function text(value: unknown): string {
  return typeof value === "string" || typeof value === "number" ? String(value) : ""
}

/** `checks/pods/check_pods`, and from the second visit `#2` behind it. */
export function place(payload: Payload): string {
  const visit = Number(payload.visit) > 1 ? `#${text(payload.visit)}` : ""
  const path = text(payload.branchPath)
  return `${path === "" ? "" : `${path}/`}${text(payload.name)}${visit}`
}
