import { Backoff } from './backoff.js';
import { Reader } from './core/reader.js';
import { Emitter } from './emitter.js';
import { Reply } from './protocol.js';

const PageLimit = 200;
const SyncTimeoutMs = 20_000;
const GoneCodes = new Set([Reply.notAMember, Reply.forbidden, Reply.noSuchConversation]);

/**
 * Carries out what the reader decides on one connection after another.
 * Events: `record` (ImRecord), `reset` ({conv, epoch}), `gap` ({conv, from, to}), `lost` ({conv, code}), `conversations` (answers of a sync).
 */
export class Reading extends Emitter {
  #timer = 0;
  #backoff;

  /**
   * @param {{ connection: import('./connection.js').Connection, reader?: Reader }} parts
   */
  constructor({ connection, reader = new Reader(), random }) {
    super();
    this.connection = connection;
    this.clock = connection.clock;
    this.#backoff = new Backoff({ random });
    this.reader = reader;
  }

  begin(conv, epoch, last) {
    this.#carryOut(this.reader.begin(conv, epoch, last, this.clock.now()));
  }

  forget(conv) {
    this.reader.forget(conv);
  }

  record(record) {
    this.#carryOut(this.reader.record(record, this.clock.now()));
  }

  caughtUp(convs) {
    this.#carryOut(this.reader.caughtUp(convs, this.clock.now()));
  }

  /** @param {string[] | null} convs null for all */
  behind(convs) {
    this.#carryOut(this.reader.behind(convs, this.clock.now()));
  }

  online() {
    this.#backoff.reset();
    this.#schedule();
  }

  offline() {
    this.clock.cancel(this.#timer);
    this.reader.offline();
  }

  #carryOut(effects) {
    for (const effect of effects) {
      if (effect.do === 'apply') this.emit('record', effect.record);
      else if (effect.do === 'sync') this.#sync(effect.cursors);
      else if (effect.do === 'history') this.#page(effect);
      else if (effect.do === 'ack') this.connection.tell('ack', effect.skip ? { acks: effect.acks, skip: effect.skip } : { acks: effect.acks });
      else this.emit(effect.do, effect);
    }
    this.#schedule();
  }

  async #sync(cursors) {
    const convs = Object.keys(cursors);
    const answer = await this.#ask(convs, 'sync', { cursors });
    if (!answer) return;
    const answers = Array.isArray(answer.convs) ? answer.convs : [];
    this.#carryOut(this.reader.synced(answers, this.clock.now()));
    this.emit('conversations', answers.filter(each => !each.code));
    const unanswered = convs.filter(conv => !answers.some(each => each.conv === conv));
    if (unanswered.length > 0) this.#carryOut(this.reader.failed(unanswered, this.clock.now()));
  }

  async #page({ conv, after }) {
    const answer = await this.#ask([conv], 'history', { conv, after, limit: PageLimit });
    if (answer) this.#carryOut(this.reader.paged({ ...answer, conv }, this.clock.now()));
  }

  /** @returns {Promise<any>} null when it failed; then it is asked again, later each time */
  async #ask(convs, cmd, data) {
    const session = this.connection.session;
    try {
      const answer = await this.connection.request(cmd, data, SyncTimeoutMs);
      this.#backoff.reset();
      return answer ?? {};
    } catch (error) {
      if (this.connection.session !== session) return null;
      const sync = cmd === 'sync';
      if (!sync && GoneCodes.has(error.code)) {
        this.caughtUp(convs.map(conv => ({ conv, code: error.code })));
        return null;
      }
      if (!sync && error.code === Reply.rangeNotKept && error.data?.first > 0) return { epoch: this.reader.cursor(convs[0])?.[0], first: error.data.first, head: error.data.first };
      this.clock.after(Math.max(error.retryAfterMs, this.#backoff.next()), () => {
        if (this.connection.session === session) this.#carryOut(this.reader.failed(convs, this.clock.now(), sync));
      });
      return null;
    }
  }

  #schedule() {
    this.clock.cancel(this.#timer);
    const due = this.reader.due();
    if (due === Infinity || !this.connection.isOnline) return;
    this.#timer = this.clock.after(Math.max(0, due - this.clock.now()), () => this.#carryOut(this.reader.tick(this.clock.now())));
  }
}
