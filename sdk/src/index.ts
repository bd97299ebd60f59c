/** What programs outside the server use: a typed client, and the shape of code agents. */
export { type Client, createClient, type Format, type OnProgress, type Query } from "./client.ts"
export { type ClientOptions, ProblemError, UnreachableError } from "./connection.ts"
export * from "./define-agent.ts"
export type { StreamMessage } from "./event-stream.ts"
