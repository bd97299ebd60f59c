// Runs before the first paint and is no module: the theme that was chosen, or nothing, so that the system's holds.
// `prefs/theme.ts` writes what is read here.
try {
  const theme = JSON.parse(localStorage.getItem("waybill.theme") ?? "null")
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme
} catch {
  // Storage is closed to us: the system's theme.
}
