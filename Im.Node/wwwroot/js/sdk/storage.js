/**
 * Web storage that never throws: with storage refused (private windows, embedded pages) values live as long as the page.
 * @param {() => Storage} area
 */
function safe(area) {
  const memory = new Map();
  return {
    get(key) {
      try {
        return area().getItem(key) ?? memory.get(key) ?? null;
      } catch {
        return memory.get(key) ?? null;
      }
    },
    set(key, value) {
      memory.set(key, value);
      try {
        area().setItem(key, value);
      } catch {
        // Full or refused: the copy in memory serves this page.
      }
    },
    remove(key) {
      memory.delete(key);
      try {
        area().removeItem(key);
      } catch {
        // Refused: nothing was kept there.
      }
    },
  };
}

/** Shared by all tabs of this browser. */
export const installation = safe(() => localStorage);

/** This tab only; survives a reload. */
export const tab = safe(() => sessionStorage);
