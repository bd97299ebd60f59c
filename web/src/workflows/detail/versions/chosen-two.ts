/** Two are compared: a third takes the place of the one that was chosen first; pressed again, one is let go. */
export function chosenTwo(chosen: readonly number[], pressed: number): readonly number[] {
  if (chosen.includes(pressed)) return chosen.filter((one) => one !== pressed)
  return [...chosen, pressed].slice(-2)
}
