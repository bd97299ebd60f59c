export interface TextPart {
  readonly text: string
  readonly isCode: boolean
}

/** The server puts names between backticks: `there is no state \`x\``. An odd one is a sign like any other. */
export function codeParts(text: string): readonly TextPart[] {
  return text
    .split(/(`[^`]+`)/)
    .filter((part) => part !== "")
    .map((part) => (/^`[^`]+`$/.test(part) ? { text: part.slice(1, -1), isCode: true } : { text: part, isCode: false }))
}
