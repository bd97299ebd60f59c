/**
 * Text of agents and people for a terminal: control characters are written out, so that no log line or message can move
 * the cursor, hide what stands before it, or set a title. Line breaks and tabs stay.
 */
export function printable(text: string): string {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: those are what it is about
  return text.replace(/[\u0000-\u0008\u000b-\u001f\u007f-\u009f]/g, (char) => `\\x${hex(char)}`)
}

function hex(char: string): string {
  return char.charCodeAt(0).toString(16).padStart(2, "0")
}
