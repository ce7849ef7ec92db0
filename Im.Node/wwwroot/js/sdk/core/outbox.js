import { Backoff } from '../backoff.js';
import { isTemporary, Reply } from '../protocol.js';

const MaxUnanswered = 64;

/** A refused conversation is tried again within this at the latest: its owner may be back, and the node has waited for it itself before it answered. */
const RetryMaxMs = 4_000;

const RepeatableMs = 24 * 3_600_000;

/**
 * @typedef {{ cid: string, conv: string, type: string, msg: string, ext?: object, madeAt: number, triedAt?: number }} Outgoing
 *   `triedAt`: when it was first sent; from then on its outcome may be unknown
 * @typedef {{ entries: Outgoing[], sent: Set<Outgoing>, failing: boolean, waitMs: number, retryAt: number, backoff: Backoff }} Lane
 */

/**
 * The writing side of a client, pure: messages wait here until they are answered for good. Those of one conversation go out in order, at
 * most 64 of all unanswered at once; a temporary failure of one holds up those behind it, and all go again in the same order, with the same cid.
 */
export class Outbox {
  /** @type {Map<string, Lane>} */
  #lanes = new Map();
  #online = false;
  #unanswered = 0;

  constructor({ random = Math.random, maxUnanswered = MaxUnanswered, ready = () => true } = {}) {
    this.random = random;
    this.maxUnanswered = maxUnanswered;
    /** Whether a conversation can be written to now, such as a room that has been entered. */
    this.ready = ready;
  }

  /** @param {Outgoing} entry */
  add(entry) {
    let lane = this.#lanes.get(entry.conv);
    if (!lane) this.#lanes.set(entry.conv, lane = newLane(this.random));
    lane.entries.push(entry);
  }

  /** @returns {Outgoing[]} all that wait or are under way */
  get entries() {
    return [...this.#lanes.values()].flatMap(lane => lane.entries);
  }

  /** @returns {boolean} false when it is under way or not here */
  remove(cid) {
    for (const lane of this.#lanes.values()) {
      const entry = lane.entries.find(each => each.cid === cid);
      if (!entry || lane.sent.has(entry)) continue;
      this.#drop(lane, entry);
      return true;
    }
    return false;
  }

  online() {
    this.#online = true;
  }

  /** What was under way may or may not have arrived, so it goes again, first. */
  offline() {
    this.#online = false;
    this.#unanswered = 0;
    for (const lane of this.#lanes.values()) {
      lane.sent.clear();
      lane.failing = false;
      lane.retryAt = lane.waitMs = 0;
    }
  }

  /** @returns {Outgoing[]} taken out: first sent so long ago that the server may not know the cid any more, so another try could double them */
  takeExpired(now) {
    const expired = this.entries.filter(entry => now - entry.triedAt >= RepeatableMs);
    return expired.filter(entry => this.remove(entry.cid));
  }

  /** @returns {Outgoing[]} to be sent now, in this order */
  take(now) {
    const taken = [];
    if (!this.#online) return taken;
    for (const lane of this.#lanes.values()) {
      if (!this.#isOpen(lane, now)) continue;
      for (const entry of lane.entries) {
        if (this.#unanswered >= this.maxUnanswered) return taken;
        if (lane.sent.has(entry)) continue;
        lane.sent.add(entry);
        this.#unanswered++;
        entry.triedAt ??= now;
        taken.push(entry);
      }
    }
    return taken;
  }

  /**
   * @param {{ code: number, data?: any }} reply also for no answer in time: code 1017
   * @returns {{ entry: Outgoing, outcome: 'sent' | 'failed' | 'again' } | null} null when it is not under way
   */
  answered(cid, { code, data }, now) {
    for (const lane of this.#lanes.values()) {
      const entry = lane.entries.find(each => each.cid === cid);
      if (!entry || !lane.sent.delete(entry)) continue;
      this.#unanswered--;
      const again = code !== Reply.ok && isTemporary(code, data);
      if (again) {
        lane.failing = true;
        lane.waitMs = Math.max(lane.waitMs, Number(data?.retryAfterMs) || 0);
      } else {
        this.#drop(lane, entry);
        lane.backoff.reset();
      }
      this.#waitWhenAnswered(lane, now);
      return { entry, outcome: again ? 'again' : code === Reply.ok ? 'sent' : 'failed' };
    }
    return null;
  }

  /** @returns {number} when `take` has something that waits for its time; Infinity when none does */
  due() {
    if (!this.#online || this.#unanswered >= this.maxUnanswered) return Infinity;
    const waiting = [...this.#lanes.values()].filter(lane => lane.retryAt > 0 && this.ready(lane.entries[0].conv));
    return Math.min(Infinity, ...waiting.map(lane => lane.retryAt));
  }

  /** One wait for a whole window: all that is behind the one that failed fails the same way. */
  #waitWhenAnswered(lane, now) {
    if (!lane.failing || lane.sent.size > 0) return;
    lane.retryAt = now + Math.max(lane.waitMs, lane.backoff.next());
    lane.failing = false;
    lane.waitMs = 0;
  }

  #isOpen(lane, now) {
    if (lane.failing || lane.retryAt > now || !this.ready(lane.entries[0].conv)) return false;
    lane.retryAt = 0;
    return true;
  }

  #drop(lane, entry) {
    lane.entries.splice(lane.entries.indexOf(entry), 1);
    if (lane.entries.length === 0) this.#lanes.delete(entry.conv);
  }
}

/** @returns {Lane} */
function newLane(random) {
  return { entries: [], sent: new Set(), failing: false, waitMs: 0, retryAt: 0, backoff: new Backoff({ maxMs: RetryMaxMs, random }) };
}
