import { Backoff } from './backoff.js';
import { systemClock } from './clock.js';
import { Emitter } from './emitter.js';
import { Heartbeat } from './heartbeat.js';
import { closeAdvice, decode, encode, Reply } from './protocol.js';
import { RequestError, RequestTable } from './requests.js';

const ConnectTimeoutMs = 10_000;
/** The first attempt after an online time: behind a load balancer it may come to the node that fell silent, which accepts and says nothing. */
const ReturnTimeoutMs = 5_000;
const RequestTimeoutMs = 10_000;
const StableAfterMs = 5_000;

/** A node that goes away answers what is under way for so long after its time. */
const AnswersWithinMs = 2_000;
const MaxBufferedBytes = 256 * 1024;

/**
 * @typedef {'idle' | 'connecting' | 'login' | 'online' | 'waiting' | 'stopped'} Phase
 * @typedef {{ kind: 'close' | 'login' | 'unreachable' | 'silent', code?: number, detail?: string }} Cause
 * @typedef {{ phase: Phase, retryAt?: number, cause?: Cause }} ConnectionState
 */

/**
 * One logged-in connection that keeps itself alive: login, heartbeat, reconnect by the class of the close code. One
 * socket counts at a time; whatever a socket says after it was given up is ignored. Nothing here touches a page.
 *
 * Events: `state` (ConnectionState), `online` (data of the login reply), `push` (ServerFrame).
 */
export class Connection extends Emitter {
  /** @type {ConnectionState} */
  state = { phase: 'idle' };

  #socket = null;
  #requests;
  #timer = 0;
  #onlineSince = 0;
  #farewell = null;
  #hurried = false;
  #isReturning = false;

  /** Pushes that were read before the login's answer was acted on. */
  #early = [];

  /**
   * @param {{
   *   address: () => Promise<string>,
   *   login: () => object | Promise<object>,
   *   beat?: () => object,
   *   onBeat?: (data: any) => void,
   *   open?: (url: string) => WebSocket,
   *   backoff?: Backoff,
   *   clock?: import('./clock.js').Clock,
   * }} options `login` gives the data of the login command, anew for each attempt; `beat` that of a heartbeat, `onBeat` takes its answer
   */
  constructor({ address, login, beat = () => ({}), onBeat = () => {}, open = url => new WebSocket(url), backoff = new Backoff(), clock = systemClock }) {
    super();
    this.address = address;
    this.login = login;
    this.open = open;
    this.backoff = backoff;
    this.clock = clock;
    this.#requests = new RequestTable(clock);
    this.heartbeat = new Heartbeat({
      clock,
      beat: () => this.request('heartbeat', beat()).then(onBeat, () => {}),
      dead: () => this.#lost({ kind: 'silent' }, 'now'),
    });
  }

  get isOnline() {
    return this.state.phase === 'online';
  }

  /** Connects, or connects again at once: for the first start, for a button, and after a change of the login. */
  restart() {
    this.#giveUpSocket(1000);
    this.#connect();
  }

  /** Ends the session: the server hears it, and nothing is tried again. */
  stop() {
    this.#giveUpSocket(1000);
    this.#become({ phase: 'idle' });
  }

  /** The network or the page came back: do not sit out a wait, and do not trust an old socket. */
  wake() {
    if (this.state.phase === 'waiting') this.#connect();
    else if (this.isOnline) this.heartbeat.probe();
  }

  /**
   * @param {string} cmd
   * @param {object} data
   * @returns {Promise<any>} the reply's data; rejects with RequestError
   */
  request(cmd, data, timeoutMs = RequestTimeoutMs) {
    if (!this.isOnline) return Promise.reject(new RequestError('offline'));
    return this.#send(cmd, data, timeoutMs);
  }

  /** Something that is another one after each loss of the connection. */
  get session() {
    return this.#requests;
  }

  /** A command without a reply: acknowledgements, typing. Lost with the connection. */
  tell(cmd, data) {
    if (this.isOnline) this.#socket.send(encode('', cmd, data));
  }

  #send(cmd, data, timeoutMs) {
    const socket = this.#socket;
    if (socket.bufferedAmount > MaxBufferedBytes) return Promise.reject(new RequestError('busy'));
    return this.#requests.open(cmd, timeoutMs, seq => socket.send(encode(seq, cmd, data)));
  }

  async #connect(cause) {
    this.clock.cancel(this.#timer);
    this.#farewell = null;
    const attempt = this.#socket = { close() {} };
    this.#become({ phase: 'connecting', ...(cause && { cause }) });
    const url = await this.address();
    if (this.#socket !== attempt) return;
    let socket;
    try {
      socket = this.#socket = this.open(url);
    } catch (error) {
      this.#lost({ kind: 'unreachable', detail: String(error) }, 'backOff');
      return;
    }
    const current = handler => event => this.#socket === socket && handler(event);
    socket.onopen = current(() => this.#onOpen(socket));
    socket.onmessage = current(event => this.#onFrame(event.data));
    socket.onclose = current(event => this.#onClose(event));
    const withinMs = this.#isReturning ? ReturnTimeoutMs : ConnectTimeoutMs;
    this.#isReturning = false;
    this.#timer = this.clock.after(withinMs, current(() => this.#lost({ kind: 'unreachable' }, 'backOff')));
  }

  async #onOpen(socket) {
    this.clock.cancel(this.#timer);
    this.#become({ phase: 'login' });
    try {
      const login = await this.login();
      if (this.#socket !== socket) return;
      const data = await this.#send('login', login, ConnectTimeoutMs);
      if (this.#socket !== socket) return;
      this.#onlineSince = this.clock.now();
      this.#isReturning = true;
      this.backoff.reset();
      this.heartbeat.start(data?.hb);
      this.#become({ phase: 'online' });
      this.emit('online', data ?? {});
      for (const frame of this.#early.splice(0)) this.emit('push', frame);
    } catch (error) {
      if (this.#socket !== socket || error.kind === 'lost') return;
      if (!(error instanceof RequestError)) {
        this.#lost({ kind: 'login', code: Reply.tokenInvalid, detail: String(error?.message ?? error) }, 'stop');
        return;
      }
      const advice = error.temporary || error.code === Reply.operationFailed ? 'backOff' : 'stop';
      this.#lost({ kind: 'login', code: error.code, detail: error.message }, advice, error.retryAfterMs);
    }
  }

  #onFrame(text) {
    this.heartbeat.heard();
    const frame = decode(text);
    if (!frame || this.#requests.answer(frame)) return;
    if (frame.cmd === 'kicked') this.#farewell = String(frame.data?.reason ?? '');
    if (frame.cmd === 'goaway') this.#onGoAway(Number(frame.data?.afterMs) || 0);
    if (this.state.phase === 'login') this.#early.push(frame);
    else this.emit('push', frame);
  }

  /** At a time of its own before the end, so that the clients of a node do not all come to another one at once. */
  #onGoAway(afterMs) {
    const at = Math.round(this.backoff.random() * afterMs);
    const leave = this.#whileItIsThis(() => this.#leave(afterMs - at + AnswersWithinMs));
    this.clock.cancel(this.#timer);
    this.#timer = this.clock.after(at, leave);
  }

  /** As soon as nothing is under way, at the latest after so long. */
  #leave(withinMs) {
    const leave = this.#whileItIsThis(() => this.restart());
    if (this.#requests.isIdle) return leave();
    this.#requests.onIdle = leave;
    this.#timer = this.clock.after(withinMs, leave);
  }

  #whileItIsThis(act) {
    const socket = this.#socket;
    return () => this.#socket === socket && act();
  }

  #onClose({ code, reason }) {
    const reached = this.state.phase !== 'connecting';
    const cause = reached ? { kind: 'close', code, detail: this.#farewell || reason } : { kind: 'unreachable', code };
    this.#lost(cause, closeAdvice(code));
  }

  /** Ends this socket. "Now" twice in a row without a stable time between becomes a back-off, so that it cannot spin. */
  #lost(cause, advice, atLeastMs = 0) {
    const stable = this.isOnline && this.clock.now() - this.#onlineSince >= StableAfterMs;
    this.#giveUpSocket(1000);
    if (stable) this.#hurried = false;
    if (advice === 'stop') {
      this.#become({ phase: 'stopped', cause });
    } else if (advice === 'now' && !this.#hurried) {
      this.#hurried = true;
      this.#connect(cause);
    } else {
      const wait = Math.max(atLeastMs, this.backoff.next());
      this.#timer = this.clock.after(wait, () => this.#connect());
      this.#become({ phase: 'waiting', retryAt: this.clock.now() + wait, cause });
    }
  }

  #giveUpSocket(code) {
    this.clock.cancel(this.#timer);
    this.heartbeat.stop();
    const socket = this.#socket;
    this.#socket = null;
    socket?.close(code);
    this.#early = [];
    this.#requests.failAll();
    this.#requests = new RequestTable(this.clock);
  }

  #become(state) {
    this.state = state;
    this.emit('state', state);
  }
}
