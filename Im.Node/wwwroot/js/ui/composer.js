import { pieces, t } from '../i18n.js';
import { utf8Length } from '../sdk/index.js';
import { tab } from '../sdk/storage.js';
import { announce } from './announcer.js';
import { byId, h } from './dom.js';
import { EmojiPicker } from './emoji.js';
import { placeLabel } from './room-label.js';

/**
 * Where one writes, also while offline: a line waits in the outbox then. Each conversation keeps its own draft, also over a reload; a line that
 * is being changed is put here, and Escape puts the draft back.
 */
export class Composer {
  #text = byId('composer-text');
  #send = byId('send');
  #hint = byId('composer-hint');
  #room = null;
  #editing = null;
  #complaint = '';

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
    chat.client.on('state', () => this.draw());
    byId('editing-cancel').addEventListener('click', () => this.#stopEditing());
    this.#show();
  }

  /** Puts an own line here to be changed. */
  edit(item) {
    this.#editing = item;
    this.#text.value = item.text;
    this.#resize();
    this.draw();
    this.#text.focus();
  }

  /** Says why something could not be done. */
  complain(error) {
    const key = { 1009: 'edit.tooLate', 1013: 'edit.forbidden' }[error.code] ?? 'edit.failed';
    this.#complaint = t(key, { code: error.code || '–' });
    this.draw();
    announce(this.#complaint);
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
    const excess = utf8Length(this.#text.value.trim()) - this.chat.client.limits.text;
    const empty = this.#text.value.trim() === '';
    byId('editing').hidden = this.#editing === null;
    this.#text.disabled = !room.isWritable;
    this.#text.placeholder = room.isWritable ? t('composer.placeholder', { room: placeLabel(room) }) : t('composer.readonly');
    this.#send.disabled = empty || excess > 0 || !room.isWritable;
    const offline = !this.chat.client.isOnline && !empty;
    this.#hint.classList.toggle('warn', excess > 0 || offline || this.#complaint !== '');
    if (excess > 0) this.#hint.textContent = t('composer.tooLong', { n: excess });
    else if (this.#complaint) this.#hint.textContent = this.#complaint;
    else if (offline) this.#hint.textContent = t('composer.waiting');
    else this.#hint.replaceChildren(...pieces('composer.hint', { enter: h('kbd', { text: 'Enter' }), shift: h('kbd', { text: 'Shift + Enter' }) }));
  }

  #show() {
    this.#editing = null;
    this.#complaint = '';
    this.#room = this.store.active;
    this.#text.value = tab.get(this.#draftKey) ?? '';
    this.#resize();
    this.draw();
  }

  #onInput() {
    const { value } = this.#text;
    this.#complaint = '';
    this.chat.typing(this.#room, value.trim() !== '' && !this.#editing);
    if (this.#editing) {
      this.#resize();
      this.draw();
      return;
    }
    if (value) tab.set(this.#draftKey, value);
    else tab.remove(this.#draftKey);
    this.#resize();
    this.draw();
  }

  #onKey(event) {
    if (event.key === 'Escape' && this.#editing && !event.isComposing) {
      this.#stopEditing();
      return;
    }
    // While an input method composes, Enter picks a candidate; 229 covers browsers that end the composition first.
    if (event.key !== 'Enter' || event.shiftKey || event.isComposing || event.keyCode === 229) return;
    event.preventDefault();
    this.#onSubmit(event);
  }

  #onSubmit(event) {
    event.preventDefault();
    const text = this.#text.value.trim();
    if (!text || !this.#room.isWritable || utf8Length(text) > this.chat.client.limits.text) return;
    if (this.#editing) {
      const item = this.#editing;
      this.#stopEditing();
      if (text !== item.text) this.chat.edit(this.#room, item, text).catch(error => this.complain(error));
      return;
    }
    this.chat.send(this.#room, text);
    this.#text.value = '';
    this.#onInput();
    this.#text.focus();
    this.onSent();
  }

  #stopEditing() {
    this.#show();
    this.#text.focus();
  }

  #resize() {
    this.#text.style.height = 'auto';
    this.#text.style.height = `${this.#text.scrollHeight}px`;
  }

  get #draftKey() {
    return `im.draft.${this.app}.${this.#room.conv}`;
  }
}
