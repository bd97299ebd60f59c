/** The columns of both lenses: fewer where there is less room (the container's, not the window's). */
export const treeColumns =
  "grid-cols-[minmax(0,1fr)_6rem] @lg:grid-cols-[minmax(0,1fr)_5.5rem_9.5rem_6rem] @4xl:grid-cols-[minmax(0,1fr)_7rem_11rem_5.5rem_5.5rem_6rem] gap-x-3"
export const ganttColumns =
  "grid-cols-[minmax(7rem,42%)_minmax(0,1fr)] @lg:grid-cols-[minmax(7rem,34%)_minmax(0,1fr)_4.5rem] @3xl:grid-cols-[minmax(0,17rem)_minmax(0,1fr)_6rem] gap-x-3"
/** What is shown from the second, and from the third width on. */
export const wide = "hidden @lg:block"
export const wider = "hidden @4xl:block"
