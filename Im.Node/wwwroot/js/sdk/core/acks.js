/**
 * What has to be acknowledged: at the latest after `count` records or `withinMs`, cumulative per conversation. Only what is held without a
 * gap is acknowledged; what was passed over is named once in `skip`.
 */
export class Acks {
  #dirty = new Set();
  #count = 0;
  #since = null;

  constructor({ count = 20, withinMs = 2_000 } = {}) {
    this.count = count;
    this.withinMs = withinMs;
  }

  /** @param {import('./track.js').Track} track */
  note(track, now) {
    this.#dirty.add(track);
    this.#count++;
    this.#since ??= now;
  }

  forget(track) {
    this.#dirty.delete(track);
  }

  /** @returns {number} when the next one is due; Infinity when nothing waits */
  due() {
    if (this.#since === null) return Infinity;
    return this.#count >= this.count ? this.#since : this.#since + this.withinMs;
  }

  /** @returns {{ acks: Record<string, number>, skip?: Record<string, number> } | null} */
  take(now) {
    if (now < this.due()) return null;
    const acks = {};
    const skip = {};
    for (const track of this.#dirty) {
      if (track.last > 0) acks[track.conv] = track.last;
      if (track.skipped > 0) skip[track.conv] = track.skipped;
      track.skipped = 0;
    }
    this.#dirty.clear();
    this.#count = 0;
    this.#since = null;
    if (Object.keys(acks).length === 0) return null;
    return Object.keys(skip).length > 0 ? { acks, skip } : { acks };
  }
}
