import { t } from '../i18n.js';
import { announce } from './announcer.js';
import { byId, h } from './dom.js';

const TickMs = 250;
const SignInCodes = new Set([1011, 1012, 4002, 4003]);

/** Says at all times how the connection is, and when it is not well, why, what comes next, and what one can do. */
export class StatusView {
  #state = byId('state');
  #banner = byId('banner');
  #text = h('span', 'banner-text');
  #button = h('button', { class: 'button small', type: 'button' });
  #timer = 0;
  #said = 'connecting';
  #onButton = () => {};

  /**
   * @param {{ app: number, client: import('../sdk/index.js').ImClient, onRename: () => void, onSignIn: () => void }} parts
   */
  constructor({ app, client, onRename, onSignIn }) {
    this.app = app;
    this.client = client;
    this.onRename = onRename;
    this.onSignIn = onSignIn;
    this.#button.addEventListener('click', () => this.#onButton());
    this.#banner.append(this.#text, this.#button);
    client.on('push', ({ cmd }) => cmd === 'goaway' && this.#goingAway());
    client.on('state', () => this.draw());
    for (const event of ['online', 'offline']) window.addEventListener(event, () => this.draw());
    this.draw();
  }

  draw() {
    clearTimeout(this.#timer);
    const { phase, retryAt, cause } = this.client.state;
    const tone = phase === 'login' || phase === 'idle' ? 'connecting' : phase;
    const seconds = Math.max(0, Math.ceil(((retryAt ?? 0) - Date.now()) / 1_000));
    const text = t(`state.${tone}`, { n: seconds });
    if (this.#state.textContent !== text) this.#state.textContent = text;
    document.documentElement.dataset.connection = tone;
    if (tone === 'waiting') {
      this.#show([troubleText(cause), t('banner.retryIn', { n: seconds })], t('banner.retry'), () => this.client.connect());
      this.#timer = setTimeout(() => this.draw(), TickMs);
    } else if (tone === 'stopped') this.#showStopped(cause);
    else if (tone === 'online') this.#banner.hidden = true;
    else if (!this.#banner.hidden) this.#show([t('banner.retrying')], '', () => {});
    this.#say(tone, cause);
  }

  #showStopped(cause) {
    const again = () => this.client.connect();
    const { code } = cause;
    if (cause.kind === 'login' && code === 1002) this.#show([t('stopped.badName')], t('banner.rename'), this.onRename);
    else if (SignInCodes.has(code)) this.#show([t(code === 4003 ? 'stopped.revoked' : 'stopped.signIn')], t('banner.signIn'), this.onSignIn);
    else if (cause.kind === 'login') this.#show([loginText(code, this.app)], t('banner.again'), again);
    else if (code === 4006) this.#show([t('stopped.replaced')], t('banner.useHere'), again);
    else if (code === 4005) this.#show([t('stopped.kicked'), cause.detail ?? ''], t('banner.again'), again);
    else if (code === 4009) this.#show([t('stopped.tooMany')], t('banner.again'), again);
    else this.#show([t('stopped.other', { code }), cause.detail ?? ''], t('banner.again'), again);
  }

  /** The connection still works, and is about to be changed for another. */
  #goingAway() {
    this.#show([t('banner.goaway')], '', () => {});
    announce(t('banner.goaway'));
  }

  #show(texts, action, onButton) {
    const text = texts.filter(Boolean).join(' ');
    if (this.#text.textContent !== text) this.#text.textContent = text;
    if (this.#button.textContent !== action) this.#button.textContent = action;
    this.#button.hidden = action === '';
    this.#onButton = onButton;
    this.#banner.hidden = false;
  }

  /** A countdown is not read out, a change is. */
  #say(tone, cause) {
    if (tone === this.#said || (tone === 'connecting' && this.#said !== 'online')) return;
    this.#said = tone;
    announce(tone === 'waiting' ? troubleText(cause) : this.#state.textContent);
  }
}

function troubleText({ kind, code }) {
  if (!navigator.onLine) return t('banner.device');
  if (kind === 'close' && (code === 1012 || code === 4200)) return t('banner.server');
  if (code === 4100 || code === 4102 || code === 1013 || code === 1016) return t('banner.overloaded');
  return t(kind === 'unreachable' ? 'banner.unreachable' : 'banner.lost');
}

function loginText(code, app) {
  if (code === 1003) return t('stopped.badApp', { app });
  return code === 1019 ? t('stopped.tooMany') : t('stopped.login', { code });
}
