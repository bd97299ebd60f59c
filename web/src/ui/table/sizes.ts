/** Pixels: the head's height, and the width of the column of boxes. */
export const HEAD_PX = 32
export const TICK_PX = 36
