import { byId } from './dom.js';

const ClearAfterMs = 4_000;
let timer = 0;

/** Says something to screen readers that the eye sees elsewhere. */
export function announce(text) {
  const region = byId('announcer');
  region.textContent = text;
  clearTimeout(timer);
  timer = setTimeout(() => { region.textContent = ''; }, ClearAfterMs);
}
