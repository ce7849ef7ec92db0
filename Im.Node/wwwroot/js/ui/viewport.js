/** Where the on-screen keyboard covers the page instead of shrinking it, the page shrinks itself. */
export function followKeyboard() {
  const viewport = window.visualViewport;
  if (!viewport) return;
  const fit = () => {
    const covered = innerHeight - viewport.height > 60 && viewport.scale === 1;
    if (covered) document.documentElement.style.setProperty('--app-height', `${Math.round(viewport.height)}px`);
    else document.documentElement.style.removeProperty('--app-height');
    if (covered) scrollTo(0, 0);
  };
  viewport.addEventListener('resize', fit);
}
