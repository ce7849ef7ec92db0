import { randomId } from './random.js';

const MaxTries = 5;
const TryAgainMs = 1_000;

/** Commands that change something once: sent again with the same cid while the outcome is unknown, as long as that makes sense to somebody who waits. */
export class Commands {
  /**
   * @param {{ connection: import('./connection.js').Connection, reading: import('./reading.js').Reading, own: (record: any) => void }} parts
   *   `own` takes the record that an answer stands for
   */
  constructor({ connection, reading, own }) {
    this.connection = connection;
    this.reading = reading;
    this.own = own;
  }

  edit(conv, mseq, msg, cid = randomId(20)) {
    return this.#change('edit', { conv, mseq, msg, cid }, { msg, ext: { op: 'edit', mseq } });
  }

  recall(conv, mseq, cid = randomId(20)) {
    return this.#change('recall', { conv, mseq, cid }, { msg: '', ext: { op: 'recall', mseq } });
  }

  /** The answer may stand for a record or for none, so the record is fetched instead of made up. */
  async group(data) {
    const answer = await this.#insist('group', { cid: randomId(20), ...data });
    const conv = answer?.conv ?? data.conv;
    const known = this.reading.reader.cursor(conv);
    if (data.op === 'leave') this.reading.forget(conv);
    else if (data.op !== 'get' && !(known?.[1] >= answer.mseq)) {
      if (!known) this.reading.begin(conv, '', 0);
      this.reading.behind([conv]);
    }
    return answer;
  }

  async #change(cmd, data, event) {
    const answer = await this.#insist(cmd, data);
    const { epoch, mseq, mid, ts } = answer;
    this.own({ conv: data.conv, epoch, mseq, mid, ts, cid: data.cid, type: 'event', ...event });
    return answer;
  }

  async #insist(cmd, data) {
    for (let tries = 1; ; tries++) {
      try {
        return await this.connection.request(cmd, data);
      } catch (error) {
        if (!error.temporary || tries >= MaxTries) throw error;
        await new Promise(resolve => this.connection.clock.after(Math.max(error.retryAfterMs, TryAgainMs * tries), resolve));
      }
    }
  }
}
