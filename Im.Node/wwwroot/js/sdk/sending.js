import { Outbox } from './core/outbox.js';
import { Emitter } from './emitter.js';
import { isRoom, Reply } from './protocol.js';
import { randomId } from './random.js';

const AnswerWithinMs = 15_000;

/** Keeps nothing: the messages of this process only. */
export class MemoryKeeper {
  async load() {
    return [];
  }

  async put() {}

  async remove() {}
}

/**
 * Sends what the outbox holds, keeps it until it is answered for good, and says what became of it.
 * Events: `sending` (Outgoing), `sent` (Outgoing, reply), `again` (Outgoing), `failed` (Outgoing, {code}).
 */
export class Sending extends Emitter {
  #timer = 0;
  #failed = new Map();
  #keeping = Promise.resolve();

  /** Grows with each message, so that the keeper can put them in order. */
  #lastMade = 0;

  /**
   * @param {{
   *   connection: import('./connection.js').Connection, keeper?: MemoryKeeper, ready: (conv: string) => boolean,
   *   rejoin: (conv: string) => void, random?: () => number,
   * }} parts `ready`: may be written to now; `rejoin`: the server says that this room was left
   */
  constructor({ connection, keeper = new MemoryKeeper(), ready, rejoin, random }) {
    super();
    this.connection = connection;
    this.keeper = keeper;
    this.rejoin = rejoin;
    this.clock = connection.clock;
    this.outbox = new Outbox({ ready, random });
  }

  /** Takes up what an earlier page left behind, or another tab that has gone. */
  async restore(load = () => this.keeper.load()) {
    for (const entry of await load()) {
      if (this.#knows(entry.cid)) continue;
      // It may have gone out just before the page that made it went away.
      entry.triedAt ??= entry.madeAt;
      this.#lastMade = Math.max(this.#lastMade, entry.madeAt);
      if (entry.failed) this.#failed.set(entry.cid, entry);
      else this.outbox.add(entry);
      this.emit('restored', entry);
    }
    this.pump();
  }

  /**
   * Queues a message; it goes out as soon as it can, once, in the order of its conversation.
   * @returns {import('./core/outbox.js').Outgoing}
   */
  send({ conv, type = 'text', msg = '', ext, cid = randomId(20) }) {
    this.#lastMade = Math.max(this.clock.now(), this.#lastMade + 1);
    const entry = { cid, conv, type, msg, ...(ext && { ext }), madeAt: this.#lastMade };
    this.emit('sending', entry);
    this.#queue(entry);
    return entry;
  }

  /** A message that failed for good, once more. */
  retry(cid) {
    const entry = this.#failed.get(cid);
    if (!entry) return;
    this.#failed.delete(cid);
    // What was refused for good is not stored, and its cid would be refused again for a while.
    const wasRefused = entry.failed.code !== 0;
    if (wasRefused) this.keeper.remove(cid);
    const { failed, triedAt, ...rest } = entry;
    const again = { ...rest, ...(wasRefused ? { cid: randomId(20) } : { triedAt }) };
    this.emit('sending', again, cid);
    this.#queue(again);
  }

  /** @returns {boolean} false when it is under way, so nobody can say any more that it was not sent */
  discard(cid) {
    const removed = this.#failed.delete(cid) || this.outbox.remove(cid);
    if (removed) this.keeper.remove(cid);
    return removed;
  }

  online() {
    this.outbox.online();
    for (const entry of this.outbox.takeExpired(this.clock.now())) this.#fail(entry, 0);
    this.pump();
  }

  offline() {
    this.clock.cancel(this.#timer);
    this.outbox.offline();
  }

  pump() {
    this.clock.cancel(this.#timer);
    if (!this.connection.isOnline) return;
    for (const entry of this.outbox.take(this.clock.now())) this.#post(entry);
    const due = this.outbox.due();
    if (due !== Infinity) this.#timer = this.clock.after(Math.max(0, due - this.clock.now()), () => this.pump());
  }

  async #post(entry) {
    const session = this.connection.session;
    const { conv, cid, type, msg, ext } = entry;
    try {
      const data = await this.connection.request('msg', { conv, cid, type, msg, ...(ext && { ext }) }, AnswerWithinMs);
      this.#answered(entry, { code: Reply.ok, data });
    } catch (error) {
      if (this.connection.session !== session) return;
      if (error.kind !== 'refused') this.#answered(entry, { code: Reply.outcomeUnknown, data: null });
      else if (error.code === Reply.notAMember && isRoom(conv)) this.#left(entry);
      else this.#answered(entry, { code: error.code, data: { temporary: error.temporary, retryAfterMs: error.retryAfterMs } });
    }
  }

  #left(entry) {
    this.rejoin(entry.conv);
    this.#answered(entry, { code: Reply.overloaded, data: { temporary: true } });
  }

  #answered(entry, reply) {
    const known = this.outbox.answered(entry.cid, reply, this.clock.now());
    if (known?.outcome === 'sent') {
      this.keeper.remove(entry.cid);
      this.emit('sent', entry, reply.data ?? {});
    } else if (known?.outcome === 'failed') this.#fail(entry, reply.code);
    else if (known) {
      this.#keep(entry);
      this.emit('again', entry, reply.code);
    }
    this.pump();
  }

  /** @param {number} code 0 when the outcome was never learnt and it is too late to ask with the same cid */
  #fail(entry, code) {
    const failed = { ...entry, failed: { code } };
    this.#failed.set(entry.cid, failed);
    this.#keep(failed);
    this.emit('failed', failed, { code });
  }

  /** Kept before it goes out, one after the other. */
  #queue(entry) {
    this.#keeping = this.#keeping.then(() => this.#keep(entry)).then(() => {
      this.outbox.add(entry);
      this.pump();
    });
  }

  #knows(cid) {
    return this.#failed.has(cid) || this.outbox.entries.some(entry => entry.cid === cid);
  }

  async #keep(entry) {
    try {
      await this.keeper.put(entry);
    } catch {
      // Storage full or refused: it lives as long as this page.
    }
  }
}
