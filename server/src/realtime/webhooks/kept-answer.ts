/**
 * What an endpoint says is kept for people to read, and may hold anything: a stack with its environment, a line of a log,
 * somebody's address. It passes the workspace's policy before it is cut, so that no half of a secret is left at the end.
 */
import type { Carry } from "./sender.ts"

/** Of an answer, in characters. */
const answerMax = 1_024

/** What the policy of a workspace leaves of a text. */
export type KeptText = (workspaceId: string, text: string) => string

export function keepingAnswers(carry: Carry, kept: KeptText): Carry {
  return async (endpoint, delivery, at) => {
    const { error, answer, ...outcome } = await carry(endpoint, delivery, at)
    const words = (text: string) => kept(endpoint.workspaceId, text)
    return { ...outcome, error: error === null ? null : words(error), answer: words(answer).slice(0, answerMax) }
  }
}
