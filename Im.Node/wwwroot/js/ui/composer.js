import { pieces, t } from '../i18n.js';
import { utf8Length } from '../protocol.js';
import { tab } from '../storage.js';
import { announce } from './announcer.js';
import { byId, h } from './dom.js';
import { EmojiPicker } from './emoji.js';
import { roomLabel } from './room-label.js';

/** Where one writes. Text typed while offline stays here; each room keeps its own draft, also over a reload. */
export class Composer {
  #text = byId('composer-text');
  #send = byId('send');
  #hint = byId('composer-hint');
  #room = null;

  /**
   * @param {{ app: number, store: import('../store.js').ChatStore, chat: import('../chat.js').Chat, onSent: () => void }} parts
   */
  constructor({ app, store, chat, onSent }) {
    this.app = app;
    this.store = store;
    this.chat = chat;
    this.onSent = onSent;
    byId('composer').addEventListener('submit', event => this.#onSubmit(event));
    this.#text.addEventListener('keydown', event => this.#onKey(event));
    this.#text.addEventListener('input', () => this.#onInput());
    new EmojiPicker({ onPick: emoji => this.insert(emoji, { focus: false }), onClose: () => this.#text.focus() });
    store.on('active', () => this.#show());
    store.on('rooms', () => this.draw());
    chat.connection.on('state', () => this.draw());
    this.#show();
  }

  /** Puts text where the caret is. */
  insert(text, { focus = true } = {}) {
    const { selectionStart, selectionEnd } = this.#text;
    this.#text.setRangeText(text, selectionStart, selectionEnd, 'end');
    if (focus) this.#text.focus();
    this.#onInput();
  }

  /** @param {string} name to address; set apart from the text before it */
  mention(name) {
    const before = this.#text.value.slice(0, this.#text.selectionStart);
    this.insert(`${before && !before.endsWith(' ') ? ' ' : ''}@${name} `);
  }

  draw() {
    const room = this.store.active;
    const excess = utf8Length(this.#text.value.trim()) - this.chat.textMaxBytes;
    const empty = this.#text.value.trim() === '';
    this.#text.disabled = !room.isRoom;
    this.#text.placeholder = room.isRoom ? t('composer.placeholder', { room: roomLabel(room) }) : t('composer.readonly');
    this.#send.disabled = empty || excess > 0 || !this.#ready;
    this.#hint.classList.toggle('warn', excess > 0 || (!this.#ready && !empty));
    if (excess > 0) this.#hint.textContent = t('composer.tooLong', { n: excess });
    else if (!this.#ready && !empty) this.#hint.textContent = t('composer.waiting');
    else this.#hint.replaceChildren(...pieces('composer.hint', { enter: h('kbd', { text: 'Enter' }), shift: h('kbd', { text: 'Shift + Enter' }) }));
  }

  get #ready() {
    return this.chat.connection.isOnline && this.store.active.phase === 'joined';
  }

  #show() {
    this.#room = this.store.active;
    this.#text.value = tab.get(this.#draftKey) ?? '';
    this.#resize();
    this.draw();
  }

  #onInput() {
    const { value } = this.#text;
    if (value) tab.set(this.#draftKey, value);
    else tab.remove(this.#draftKey);
    this.#resize();
    this.draw();
  }

  #onKey(event) {
    // While an input method composes, Enter picks a candidate; 229 covers browsers that end the composition first.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.#onSubmit(event);
  }

  #onSubmit(event) {
    event.preventDefault();
    const text = this.#text.value.trim();
    if (!text) return;
    if (!this.#ready) {
      announce(t('composer.waiting'));
      return;
    }
    if (utf8Length(text) > this.chat.textMaxBytes) return;
    this.chat.send(this.#room, text);
    this.#text.value = '';
    this.#onInput();
    this.#text.focus();
    this.onSent();
  }

  #resize() {
    this.#text.style.height = 'auto';
    this.#text.style.height = `${this.#text.scrollHeight}px`;
  }

  get #draftKey() {
    return `im.draft.${this.app}.${this.#room.conv}`;
  }
}
