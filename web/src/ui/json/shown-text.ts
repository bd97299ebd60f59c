/** Characters that turn the direction of what follows: in a value they could make evidence read as something else. */
const turning = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/g

/** A text as it may be shown to somebody who decides on it: what would turn it around is written out. */
export function shownText(text: string): string {
  return text.replace(turning, (char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, "0")}`)
}
