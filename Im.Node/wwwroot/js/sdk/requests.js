import { systemClock } from './clock.js';
import { isTemporary, Reply } from './protocol.js';

/** Why a request has no good answer. `sent` says whether the server may have acted on it. */
export class RequestError extends Error {
  /**
   * @param {'offline' | 'busy' | 'lost' | 'timeout' | 'refused'} kind
   * @param {{ sent?: boolean, code?: number, temporary?: boolean, retryAfterMs?: number, data?: any, message?: string }} details
   */
  constructor(kind, { sent = false, code = 0, temporary = true, retryAfterMs = 0, data = null, message = kind } = {}) {
    super(message);
    this.name = 'RequestError';
    this.kind = kind;
    this.sent = sent;
    this.code = code;
    this.temporary = temporary;
    this.retryAfterMs = retryAfterMs;
    this.data = data;
  }
}

/**
 * Requests of one socket that wait for their reply: at most as many as the server reads ahead (64); one more is refused
 * as `busy` and nothing is sent. The random part of `seq` keeps a push from passing for a reply.
 */
export class RequestTable {
  static MaxUnanswered = 64;

  #waiting = new Map();
  #prefix = Math.random().toString(36).slice(2, 8);
  #next = 1;

  /** Called when the last one that waited has its answer, after whoever waited was told. */
  onIdle = () => {};

  constructor(clock = systemClock) {
    this.clock = clock;
  }

  get isIdle() {
    return this.#waiting.size === 0;
  }

  /**
   * @param {string} cmd
   * @param {number} timeoutMs
   * @param {(seq: string) => void} send
   * @returns {Promise<any>} the reply's data
   */
  open(cmd, timeoutMs, send) {
    if (this.#waiting.size >= RequestTable.MaxUnanswered) return Promise.reject(new RequestError('busy'));
    const seq = `${this.#prefix}-${this.#next++}`;
    return new Promise((resolve, reject) => {
      const timer = this.clock.after(timeoutMs, () => this.#settle(seq)?.reject(new RequestError('timeout', { sent: true })));
      this.#waiting.set(seq, { cmd, resolve, reject, timer });
      send(seq);
    });
  }

  /** @returns {boolean} false when the frame is a push; an answer that comes too late is swallowed */
  answer(frame) {
    if (!frame.seq.startsWith(`${this.#prefix}-`)) return false;
    if (this.#waiting.get(frame.seq)?.cmd !== frame.cmd) return true;
    const { resolve, reject } = this.#settle(frame.seq);
    if (frame.code === Reply.ok) resolve(frame.data);
    else {
      reject(new RequestError('refused', {
        code: frame.code,
        message: frame.text,
        data: frame.data,
        temporary: isTemporary(frame.code, frame.data),
        retryAfterMs: Number(frame.data?.retryAfterMs) || 0,
      }));
    }
    if (this.isIdle) this.clock.after(0, () => this.isIdle && this.onIdle());
    return true;
  }

  /** The socket is gone: what was sent may or may not have arrived. */
  failAll() {
    for (const seq of [...this.#waiting.keys()]) this.#settle(seq).reject(new RequestError('lost', { sent: true }));
  }

  #settle(seq) {
    const entry = this.#waiting.get(seq);
    if (!entry) return null;
    this.#waiting.delete(seq);
    this.clock.cancel(entry.timer);
    return entry;
  }
}
