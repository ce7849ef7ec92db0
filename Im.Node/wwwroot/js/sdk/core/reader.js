import { Acks } from './acks.js';
import { Track } from './track.js';

const MaxCursorsPerSync = 200;
const MaxHeads = 200;

/** How much is read of a conversation that this client begins to follow; older records are history. */
const MaxBefore = 500;

const OthersPerBeat = 20;

/**
 * @typedef {import('./track.js').ImRecord} ImRecord
 * @typedef {{ conv: string, epoch: string, first: number, head: number, recovered?: boolean, msgs?: ImRecord[], read?: number, unread?: number, code?: number }} Catchup
 *   one conversation of a login or sync answer
 * @typedef {{ do: 'apply', conv: string, record: ImRecord }
 *   | { do: 'reset', conv: string, epoch: string }
 *   | { do: 'gap', conv: string, from: number, to: number }
 *   | { do: 'lost', conv: string, code: number }
 *   | { do: 'sync', cursors: Record<string, [string, number]> }
 *   | { do: 'history', conv: string, after: number }
 *   | { do: 'ack', acks: Record<string, number>, skip?: Record<string, number> }} Effect
 */

/**
 * The reading side of a client, pure: frames and moments go in, effects come out in the order in which they are to be carried out. Each
 * record is applied once and in the order of its conversation, whatever is lost, doubled or overtaken on the way.
 */
export class Reader {
  /** @type {Map<string, Track>} */
  #tracks = new Map();
  #changed = new Set();
  #turn = 0;
  #syncing = false;
  #out = [];

  constructor({ holdMs = 500, maxHeld = 256, ackCount = 20, ackMs = 2_000 } = {}) {
    this.holdMs = holdMs;
    this.maxHeld = maxHeld;
    this.acks = new Acks({ count: ackCount, withinMs: ackMs });
  }

  /** @returns {Record<string, [string, number]>} for a login */
  cursors() {
    return Object.fromEntries([...this.#tracks].map(([conv, { epoch, last }]) => [conv, [epoch, last]]));
  }

  /** @returns {[string, number] | null} */
  cursor(conv) {
    const track = this.#tracks.get(conv);
    return track ? [track.epoch, track.last] : null;
  }

  has(conv) {
    return this.#tracks.has(conv);
  }

  /** Follows a conversation from a place on; one that is followed in this epoch already is brought up to it instead. */
  begin(conv, epoch, last, now) {
    const known = this.#tracks.get(conv);
    if (known?.epoch === epoch) known.wanted ||= known.last < last;
    else {
      if (known) this.#reset(known, epoch);
      this.#track(conv).begin(epoch, last);
    }
    return this.#take(now);
  }

  forget(conv) {
    const track = this.#tracks.get(conv);
    this.#tracks.delete(conv);
    this.#changed.delete(track);
    this.acks.forget(track);
  }

  /** A pushed record, or one of one's own by the reply to its command. */
  record(record, now) {
    const { conv, epoch, mseq } = record;
    const track = this.#tracks.get(conv) ?? this.#track(conv, epoch);
    const anew = epoch !== track.epoch;
    if (anew) this.#reset(track, epoch);
    if (mseq <= track.last) this.acks.note(track, now);
    else {
      if (!track.hold(record, this.maxHeld) || (anew && mseq > 1)) track.wanted = true;
      this.#drain(track, now);
    }
    return this.#take(now);
  }

  /** @param {Catchup[]} convs of a login's answer; one that no cursor named is followed from its read mark on */
  caughtUp(convs, now) {
    for (const answer of convs) this.#catchUp(answer, now);
    return this.#take(now);
  }

  /** @param {Catchup[]} convs of the answer to a `sync` effect */
  synced(convs, now) {
    this.#syncing = false;
    return this.caughtUp(convs, now);
  }

  /** The answer to a `history` effect. */
  paged({ conv, epoch, first, head, msgs = [] }, now) {
    const track = this.#tracks.get(conv);
    if (!track) return this.#take(now);
    track.asked = false;
    if (epoch !== track.epoch) track.wanted = true;
    else {
      this.#skipLost(track, first);
      this.#applyAll(track, msgs, now);
      if (msgs.length === 0 && track.last < head) track.skipTo(head);
      if (track.last < head) this.#page(track);
      this.#drain(track, now);
    }
    return this.#take(now);
  }

  /** What a sync or history effect asked for could not be had now: asked again after another wait. */
  failed(convs, now, sync = false) {
    if (sync) this.#syncing = false;
    for (const track of convs.map(conv => this.#tracks.get(conv)).filter(Boolean)) {
      track.asked = false;
      track.waitsSince = now;
    }
    return this.#take(now);
  }

  /** @param {Iterable<string> | null} convs of `sync_required` or of a heartbeat's answer; null for all */
  behind(convs, now) {
    for (const conv of convs ?? this.#tracks.keys()) {
      // Of a conversation that is not known yet its first push was lost. A room is known from its join on.
      const track = this.#tracks.get(conv) ?? (conv.startsWith('r:') ? null : this.#track(conv, ''));
      if (track) track.wanted = true;
    }
    return this.#take(now);
  }

  /** The connection is gone; the next login's cursors ask for everything. */
  offline() {
    this.#syncing = false;
    for (const track of this.#tracks.values()) {
      track.asked = track.wanted = false;
      track.waitsSince = null;
    }
  }

  /** @returns {Record<string, number> | null} those that changed since they were told, and some of the others in turn */
  heads() {
    const all = [...this.#tracks.values()];
    const chosen = new Set([...this.#changed].slice(0, MaxHeads));
    for (let i = 0; i < Math.min(OthersPerBeat, all.length) && chosen.size < MaxHeads; i++) chosen.add(all[this.#turn++ % all.length]);
    for (const track of chosen) this.#changed.delete(track);
    return chosen.size > 0 ? Object.fromEntries([...chosen].map(track => [track.conv, track.last])) : null;
  }

  /** @returns {Effect[]} what time alone brings */
  tick(now) {
    for (const track of this.#tracks.values()) {
      if (this.#dueOf(track) <= now) track.wanted = true;
    }
    return this.#take(now);
  }

  /** @returns {number} when `tick` has something to do; Infinity when nothing waits */
  due() {
    let due = this.acks.due();
    for (const track of this.#tracks.values()) due = Math.min(due, this.#dueOf(track));
    return due;
  }

  #dueOf({ waitsSince, asked, wanted }) {
    return waitsSince === null || asked || wanted ? Infinity : waitsSince + this.holdMs;
  }

  #catchUp({ conv, epoch, first = 1, head = 0, read = 0, unread = 0, recovered, msgs = [], code }, now) {
    if (code) {
      this.forget(conv);
      this.#emit({ do: 'lost', conv, code });
      return;
    }
    const known = this.#tracks.get(conv);
    const track = known ?? this.#track(conv, epoch);
    track.asked = false;
    track.waitsSince = null;
    if (epoch !== track.epoch) this.#reset(track, epoch);
    const anew = track.fresh && !recovered;
    if (!known) track.skipTo(unread > 0 ? Math.max(read, first - 1, head - MaxBefore) : head);
    else if (anew) track.skipTo(msgs.length > 0 ? msgs[0].mseq - 1 : Math.max(first - 1, head - MaxBefore));
    this.#skipLost(track, first);
    if (recovered || anew) this.#applyAll(track, msgs, now);
    if (track.last < head) this.#page(track);
    else this.#drain(track, now);
  }

  #applyAll(track, msgs, now) {
    for (const record of msgs) {
      if (record.mseq <= track.last) continue;
      this.#skipLost(track, record.mseq);
      track.held.set(record.mseq, record);
      this.#applyReady(track, now);
    }
  }

  /** Records below `first` are gone: marked, unless nothing stands before them. */
  #skipLost(track, first) {
    if (!(first > track.last + 1)) return;
    if (!track.fresh) this.#emit({ do: 'gap', conv: track.conv, from: track.last + 1, to: first - 1 });
    track.skipTo(first - 1);
  }

  /** Applies what can be, and lets the rest wait. */
  #drain(track, now) {
    this.#applyReady(track, now);
    if (track.held.size === 0) track.waitsSince = null;
    else track.waitsSince ??= now;
  }

  #applyReady(track, now) {
    for (const record of track.takeReady()) {
      this.#emit({ do: 'apply', conv: track.conv, record });
      this.#changed.add(track);
      this.acks.note(track, now);
    }
  }

  #page(track) {
    track.asked = true;
    this.#emit({ do: 'history', conv: track.conv, after: track.last });
  }

  #reset(track, epoch) {
    if (track.epoch) this.#emit({ do: 'reset', conv: track.conv, epoch });
    track.restart(epoch);
  }

  #track(conv, epoch = null) {
    const track = new Track(conv);
    track.epoch = epoch;
    this.#tracks.set(conv, track);
    return track;
  }

  #emit(effect) {
    this.#out.push(effect);
  }

  /** The effects so far, then one sync at a time for all that need one, then an acknowledgement when it is due. */
  #take(now) {
    const wanted = this.#syncing ? [] : [...this.#tracks.values()].filter(track => track.wanted && !track.asked).slice(0, MaxCursorsPerSync);
    for (const track of wanted) {
      track.wanted = false;
      track.asked = true;
    }
    if (wanted.length > 0) {
      this.#syncing = true;
      this.#emit({ do: 'sync', cursors: Object.fromEntries(wanted.map(({ conv, epoch, last }) => [conv, [epoch, last]])) });
    }
    const ack = this.acks.take(now);
    if (ack) this.#emit({ do: 'ack', ...ack });
    return this.#out.splice(0);
  }
}
