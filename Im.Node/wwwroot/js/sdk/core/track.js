/**
 * @typedef {{
 *   conv: string, epoch: string, mseq: number, type: string, msg: string, from: string,
 *   mid?: string, cid?: string, ext?: any, ts?: number, edited?: number, recalled?: boolean,
 * }} ImRecord a numbered record as the wire carries it
 */

/**
 * One conversation as a reader follows it: `(epoch, last)` is the cursor. Records up to `last` were applied, each once and in order;
 * those that came too early are held, at most `maxHeld`, and what does not fit is fetched again.
 */
export class Track {
  epoch = null;
  last = 0;

  /** Nothing was ever applied: what lies before the first record is no gap. */
  fresh = true;

  /** Up to here records were passed over, so that an acknowledgement does not claim them; 0 for none. */
  skipped = 0;

  /** @type {Map<number, ImRecord>} */
  held = new Map();

  /** When what is held began to wait, or null. */
  waitsSince = null;

  /** A sync is needed; it goes with the next one. */
  wanted = false;

  /** A sync with this conversation, or a page of its history, is under way. */
  asked = false;

  constructor(conv) {
    this.conv = conv;
  }

  /** Follows from here on; nothing before it is missed. */
  begin(epoch, last) {
    this.epoch = epoch;
    this.last = last;
    this.fresh = false;
    this.#dropHeld();
  }

  /** The copy is worth nothing: another epoch. */
  restart(epoch) {
    this.epoch = epoch;
    this.last = 0;
    this.fresh = true;
    this.skipped = 0;
    this.#dropHeld();
  }

  /** Goes on after records that cannot be had. */
  skipTo(last) {
    this.last = last;
    this.skipped = last;
    this.fresh = false;
  }

  /** @returns {boolean} false when it has to be fetched again later */
  hold(record, maxHeld) {
    if (this.held.size >= maxHeld && !this.held.has(record.mseq)) return false;
    this.held.set(record.mseq, record);
    return true;
  }

  /** @returns {ImRecord[]} what can be applied now, in order */
  takeReady() {
    const ready = [];
    for (let next; (next = this.held.get(this.last + 1)); ) {
      this.held.delete(++this.last);
      this.fresh = false;
      ready.push(next);
    }
    for (const mseq of this.held.keys()) {
      if (mseq <= this.last) this.held.delete(mseq);
    }
    return ready;
  }

  #dropHeld() {
    this.held.clear();
    this.waitsSince = null;
  }
}
