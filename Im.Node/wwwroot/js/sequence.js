const HoldMs = 500;
const MaxHeld = 256;

/**
 * Puts the numbered records of one conversation in order and shows each once. A record that came too early waits up to
 * 500 ms (or until 256 wait) for the missing ones; then `gap` is called and reading goes on. Records without a number pass.
 */
export class Sequence {
  #epoch = null;
  #last = 0;
  #held = new Map();
  #timer = 0;

  /**
   * @param {{ deliver: (record: any) => void, gap: () => void }} hooks
   */
  constructor({ deliver, gap }) {
    this.deliver = deliver;
    this.gap = gap;
  }

  /** The head that a join told: what comes next is the record after it. */
  restart(epoch, head) {
    clearTimeout(this.#timer);
    this.#timer = 0;
    this.#held.clear();
    this.#epoch = epoch ?? null;
    this.#last = Number(head) || 0;
  }

  offer(record) {
    const { epoch, mseq } = record;
    if (!Number.isSafeInteger(mseq) || mseq <= 0) {
      this.deliver(record);
      return;
    }
    if (epoch !== this.#epoch) this.restart(epoch, mseq - 1);
    if (mseq <= this.#last) return;
    this.#held.set(mseq, record);
    this.#drain();
    if (this.#held.size > MaxHeld) this.#skip();
  }

  #drain() {
    for (let next; (next = this.#held.get(this.#last + 1)); ) {
      this.#held.delete(++this.#last);
      this.deliver(next);
    }
    if (this.#held.size > 0) this.#timer ||= setTimeout(() => this.#skip(), HoldMs);
    else {
      clearTimeout(this.#timer);
      this.#timer = 0;
    }
  }

  #skip() {
    clearTimeout(this.#timer);
    this.#timer = 0;
    if (this.#held.size === 0) return;
    this.#last = Math.min(...this.#held.keys()) - 1;
    this.gap();
    this.#drain();
  }
}
