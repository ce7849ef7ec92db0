/**
 * The time that a client lives by. A test puts its own in place.
 * @typedef {{ now: () => number, after: (ms: number, act: () => void) => any, cancel: (timer: any) => void }} Clock
 */

/** @type {Clock} */
export const systemClock = {
  now: () => Date.now(),
  after: (ms, act) => setTimeout(act, ms),
  cancel: timer => clearTimeout(timer),
};
