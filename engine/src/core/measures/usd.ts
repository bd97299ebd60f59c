/** US dollars as people are told them: to a millionth of a cent, without the noise that sums of binary fractions leave. */
export function usd(sum: number): number {
  return Math.round(sum * 1e8) / 1e8
}
