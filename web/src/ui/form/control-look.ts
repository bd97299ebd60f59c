/** The box of everything that is filled in. Its edge is seen (3:1); that of a search box, which has its mark, may be quieter. */
export const controlBox =
  "w-full min-w-0 rounded-sm border border-line-control bg-surface text-sm text-fg placeholder:text-faint hover:border-faint focus-visible:border-ring focus-visible:outline-1 focus-visible:outline-offset-0 aria-invalid:border-danger disabled:border-line disabled:text-faint"
export const controlHeights = { md: "h-7 px-2", lg: "h-9 px-2.5" } as const
export type ControlSize = keyof typeof controlHeights
