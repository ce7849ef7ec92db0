import { Backoff } from './backoff.js';
import { systemClock } from './clock.js';
import { Commands } from './commands.js';
import { Connection } from './connection.js';
import { Credentials } from './credentials.js';
import { Emitter } from './emitter.js';
import { isRoom, Reply } from './protocol.js';
import { randomId } from './random.js';
import { Reading } from './reading.js';
import { Sending } from './sending.js';

const JoinAgainMs = 3_000;
const TokenCodes = new Set([Reply.tokenExpired, Reply.tokenInvalid, 4202]);

/**
 * @typedef {{
 *   url: string | (() => string | Promise<string>),
 *   app: number,
 *   user?: string,
 *   token?: (reason: 'login' | 'expiring' | 'refused') => string | null | Promise<string | null>,
 *   device: string,
 *   platform?: string,
 *   nextTry?: () => number,
 *   rooms?: string[],
 *   cursors?: Record<string, [string, number]>,
 *   keeper?: import('./sending.js').MemoryKeeper,
 *   webSocket?: (url: string) => WebSocket,
 *   clock?: import('./clock.js').Clock,
 *   random?: () => number,
 * }} ClientOptions
 *   `token` is asked before a login, when the token is about to expire and when it was refused; without it `user` is taken as given.
 *   `rooms` are entered with each login. `cursors` are those of an earlier run. `keeper` keeps what is not sent yet.
 */

/**
 * A chat client: one logged-in connection at a time, every record of every conversation once and in order, every message sent once.
 *
 * Events: `state` (ConnectionState) · `online` (login answer) · `conversations` ({conv, head, read, unread, …}[]) · `record` (ImRecord) ·
 * `reset` ({conv, epoch}: drop what is shown of it) · `gap` ({conv, from, to}: not kept any more) · `lost` ({conv, code}: not readable) ·
 * `room` ({conv, joined, members?, code?}) · `restored`, `sending`, `sent`, `again`, `failed` (Outgoing, …) · `push` (any other push).
 */
export class ImClient extends Emitter {
  /** The user as the server knows it. */
  user = '';
  limits = { frame: 64 * 1024, text: 16 * 1024 };

  #options;
  #rooms = new Set();
  #joined = new Set();
  #tries = 0;
  #restored = false;
  #wasOnline = false;
  #commands;
  #credentials;

  /** @param {ClientOptions} options */
  constructor(options) {
    super();
    this.#options = options;
    this.user = options.user ?? '';
    this.clock = options.clock ?? systemClock;
    this.#credentials = options.token ? new Credentials(options.token) : null;
    for (const conv of [...options.rooms ?? [], ...Object.keys(options.cursors ?? {}).filter(isRoom)]) this.#rooms.add(conv);
    this.connection = new Connection({
      address: async () => (typeof options.url === 'function' ? options.url() : options.url),
      login: () => this.#login(),
      beat: () => this.#beat(),
      onBeat: data => data?.heads && this.reading.behind(Object.keys(data.heads)),
      ...(options.webSocket && { open: options.webSocket }),
      clock: this.clock,
      backoff: new Backoff({ random: options.random }),
    });
    const parts = { connection: this.connection, random: options.random };
    this.reading = new Reading(parts);
    this.sending = new Sending({ ...parts, keeper: options.keeper, ready: conv => !isRoom(conv) || this.#joined.has(conv), rejoin: conv => this.#rejoin(conv) });
    this.#commands = new Commands({ connection: this.connection, reading: this.reading, own: record => this.#own(record) });
    for (const [conv, [epoch, last]] of Object.entries(options.cursors ?? {})) this.reading.begin(conv, epoch, last);
    for (const event of ['record', 'reset', 'gap', 'lost', 'conversations']) this.reading.on(event, data => this.emit(event, data));
    for (const event of ['restored', 'sending', 'again', 'failed']) this.sending.on(event, (...args) => this.emit(event, ...args));
    this.sending.on('sent', (entry, reply) => this.#onSent(entry, reply));
    this.connection.on('state', state => this.#onState(state));
    this.connection.on('online', data => this.#onOnline(data));
    this.connection.on('push', frame => this.#onPush(frame));
  }

  get state() {
    return this.connection.state;
  }

  get isOnline() {
    return this.connection.isOnline;
  }

  /** @returns {Record<string, [string, number]>} to be kept for `cursors` of a later run */
  get cursors() {
    return this.reading.reader.cursors();
  }

  /** @returns {[string, number] | null} epoch and number of the last record that was applied; null for a conversation that is not followed */
  cursor(conv) {
    return this.reading.reader.cursor(conv);
  }

  /** Connects; from then on it stays connected by itself. Also: connects again at once. */
  connect() {
    if (!this.#restored) this.sending.restore();
    this.#restored = true;
    this.connection.restart();
  }

  /** The network or the page came back. */
  wake() {
    this.connection.wake();
  }

  async close() {
    await this.connection.request('logout', {}).catch(() => {});
    this.connection.stop();
  }

  /** Enters a room and stays in it over reconnects; the outcome is told by `room`. */
  join(conv) {
    this.#rooms.add(conv);
    return this.#enter(conv);
  }

  leave(conv) {
    const was = this.#joined.delete(conv);
    this.#rooms.delete(conv);
    this.reading.forget(conv);
    if (was) this.connection.request('leave', { conv }).catch(() => {});
  }

  /** @param {{ conv: string, type?: string, msg?: string, ext?: object, cid?: string }} message */
  send(message) {
    return this.sending.send(message);
  }

  /** A message that is neither kept nor sent again: for who is there now. */
  sendEphemeral({ conv, type = 'text', msg = '', ext }) {
    return this.request('msg', { conv, cid: randomId(20), type, msg, ...(ext && { ext }), ephemeral: true });
  }

  /** Any other command. @returns {Promise<any>} the answer's data; rejects with RequestError */
  request(cmd, data) {
    return this.connection.request(cmd, data);
  }

  /** @param {{ before?: number, after?: number, limit?: number }} range neither: the newest */
  history(conv, range = {}) {
    return this.request('history', { conv, ...range });
  }

  read(conv, mseq) {
    return this.request('read', { conv, mseq });
  }

  typing(conv, state) {
    this.connection.tell('typing', { conv, state });
  }

  /** @param {string[]} users replaces those watched before */
  watch(users) {
    return this.request('watch', { users });
  }

  /** @returns {Promise<{ mseq: number }>} of the event */
  edit(conv, mseq, msg, cid) {
    return this.#commands.edit(conv, mseq, msg, cid);
  }

  /** @returns {Promise<{ mseq: number }>} of the event */
  recall(conv, mseq, cid) {
    return this.#commands.recall(conv, mseq, cid);
  }

  /** @param {{ op: string, conv?: string, name?: string, users?: string[], role?: string }} data */
  group(data) {
    return this.#commands.group(data);
  }

  async #login() {
    const { app, user, device, platform = 'web', nextTry } = this.#options;
    return {
      v: 2, appId: app, device, platform,
      ...(this.#credentials ? { serviceToken: await this.#credentials.take() } : { userId: user }),
      try: nextTry ? nextTry() : ++this.#tries,
      cursors: this.cursors,
    };
  }

  #onState(state) {
    if (state.phase !== 'online' && this.#wasOnline) {
      this.#wasOnline = false;
      this.#joined.clear();
      this.reading.offline();
      this.sending.offline();
    }
    if (this.#credentials && TokenCodes.has(state.cause?.code)) this.#onTokenRefused(state);
    this.emit('state', state);
  }

  /** One more attempt with another token, if there is one. */
  async #onTokenRefused({ phase }) {
    this.#credentials.refused();
    if (phase === 'stopped' && await this.#credentials.another() && this.state.phase === 'stopped') this.connect();
  }

  #onOnline(data) {
    this.#wasOnline = true;
    this.user = data.user ?? this.user;
    this.limits = { ...this.limits, ...data.limits };
    const convs = Array.isArray(data.convs) ? data.convs : [];
    for (const { conv, code } of convs) {
      if (isRoom(conv) && !code && this.#rooms.has(conv)) this.#joined.add(conv);
    }
    this.emit('online', data);
    this.emit('conversations', convs.filter(each => !each.code));
    this.reading.online();
    this.reading.caughtUp(convs.filter(({ conv, code }) => this.reading.reader.has(conv) || !code));
    this.sending.online();
    this.#adopt();
    for (const { conv, members } of convs.filter(each => this.#joined.has(each.conv))) this.emit('room', { conv, joined: true, members });
    for (const conv of this.#rooms) this.#enter(conv);
  }

  /** What other tabs of this user left behind. */
  #adopt() {
    const { keeper } = this.#options;
    if (keeper?.adopt) this.sending.restore(() => keeper.adopt());
  }

  async #enter(conv) {
    if (!this.isOnline || this.#joined.has(conv)) return;
    const { session } = this.connection;
    try {
      const { epoch, head, members } = await this.request('join', { conv });
      if (!this.#rooms.has(conv)) return;
      this.#joined.add(conv);
      this.reading.begin(conv, epoch, head);
      this.emit('room', { conv, joined: true, members, head });
      this.sending.pump();
    } catch (error) {
      if (this.connection.session !== session || !this.#rooms.has(conv)) return;
      this.emit('room', { conv, joined: false, code: error.code });
      if (error.temporary) this.clock.after(error.retryAfterMs || JoinAgainMs, () => this.#rooms.has(conv) && this.#enter(conv));
    }
  }

  #rejoin(conv) {
    if (!this.#joined.delete(conv) || !this.#rooms.has(conv)) return;
    this.#enter(conv);
  }

  #beat() {
    const heads = this.reading.reader.heads();
    return heads ? { heads } : {};
  }

  #onSent(entry, reply) {
    const { conv, cid, type, msg, ext } = entry;
    const { epoch, mseq, mid, ts } = reply;
    this.emit('sent', entry, reply);
    this.#own({ conv, epoch, mseq, mid, ts, cid, type, msg, ...(ext && { ext }) });
  }

  /** The reply to one's own command counts as the record at its place. */
  #own(record) {
    if (record.mseq > 0) this.reading.record({ target: '', from: this.user, ...record });
  }

  #onPush(frame) {
    const { cmd, seq, data } = frame;
    const numbered = Number.isSafeInteger(data?.mseq) && data.mseq > 0 && typeof data.epoch === 'string' && typeof data.conv === 'string';
    if ((cmd === 'msg' || cmd === 'event') && numbered) {
      if (!isRoom(data.conv) || this.#joined.has(data.conv)) this.reading.record({ mid: seq, ...data });
    } else if (cmd === 'sync_required') this.reading.behind(data?.all ? null : data?.convs ?? []);
    else if (cmd === 'token_expiring') this.#refresh();
    this.emit('push', frame);
  }

  async #refresh() {
    const fresh = await this.#credentials?.refresh();
    if (fresh) await this.request('token', { serviceToken: fresh }).catch(() => {});
  }
}
