/** A step's type as a person says it; the language's own word where it is one. */
export const typeWord = (type: string): string => words[type] ?? type

const words: Readonly<Record<string, string>> = { "agent.run": "agent", "human.approval": "approval", run: "workflow" }
