// @ts-check
/** How Node is started for a server; `cli/bin/waybill.mjs` says the same in its first line, and why. */
export const SERVER_FLAGS = ["--max-semi-space-size=32"]
