import { Reply } from './protocol.js';
import { RequestError } from './requests.js';

/** The token of a client: asked for when it is needed, kept until it is refused, changed for another before it ends. */
export class Credentials {
  #token = null;
  #refused = null;

  /** @param {(reason: 'login' | 'expiring' | 'refused') => string | null | Promise<string | null>} ask */
  constructor(ask) {
    this.ask = ask;
  }

  /** @returns {Promise<string>} for a login; rejects as a refused login does when there is none */
  async take() {
    this.#token ??= await this.ask(this.#refused ? 'refused' : 'login');
    if (!this.#token) throw new RequestError('refused', { code: Reply.tokenInvalid, temporary: false });
    return this.#token;
  }

  refused() {
    this.#refused = this.#token ?? this.#refused;
    this.#token = null;
  }

  /** @returns {Promise<boolean>} whether there is a token that was not refused */
  async another() {
    const token = await this.ask('refused');
    if (!token || token === this.#refused) return false;
    this.#token = token;
    return true;
  }

  /** @returns {Promise<string | null>} null when there is no other */
  async refresh() {
    const token = await this.ask('expiring');
    if (!token || token === this.#token) return null;
    this.#token = token;
    return token;
  }
}
