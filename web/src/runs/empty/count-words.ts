/** How many there are, as far as they were counted: `7,287 runs`. */
export function countWords(count: number, exact: boolean): string {
  if (count === 0) return "still none"
  return count === 1 ? "1 run" : `${count.toLocaleString("en")}${exact ? "" : "+"} runs`
}
