import { pieces, t } from '../i18n.js';
import { isRoomName, nameOf } from '../protocol.js';
import { byId, eachFrame, h } from './dom.js';
import { roomLabel } from './room-label.js';

const MaxBadge = 99;

/** The rooms of this tab with their newest line and unread count, and the form that opens another. */
export class RoomsView {
  #list = byId('rooms');
  #name = byId('join-name');
  #error = byId('join-error');

  /**
   * @param {{ store: import('../store.js').ChatStore, chat: import('../chat.js').Chat, onOpen: () => void }} parts
   */
  constructor({ store, chat, onOpen }) {
    this.store = store;
    this.chat = chat;
    this.onOpen = onOpen;
    const draw = eachFrame(() => this.draw());
    for (const event of ['rooms', 'active']) store.on(event, draw);
    byId('join').addEventListener('submit', event => this.#onJoin(event));
    this.#name.addEventListener('input', () => this.#fail(''));
    this.draw();
  }

  draw() {
    const focused = document.activeElement?.closest?.('.room')?.dataset.conv;
    this.#list.replaceChildren(...[...this.store.rooms.values()].map(room => this.#row(room)));
    if (focused) [...this.#list.querySelectorAll('.room')].find(row => row.dataset.conv === focused)?.focus();
    byId('rooms-dot').hidden = ![...this.store.rooms.values()].some(room => room !== this.store.active && room.unread > 0);
  }

  #row(room) {
    const active = room === this.store.active;
    const { latest } = room;
    const from = latest && (latest.own ? t('log.you') : h('bdi', { text: latest.from }));
    const preview = latest ? [from, `: ${latest.text.slice(0, 80)}`] : [t('rooms.quiet')];
    const badge = room.unread > 0
      ? h('span', 'badge', h('span', { 'aria-hidden': 'true', text: room.unread > MaxBadge ? `${MaxBadge}+` : room.unread }), h('span', { class: 'sr', text: t('rooms.unread', { n: room.unread }) }))
      : null;
    const open = () => {
      this.chat.open(room);
      this.onOpen();
    };
    const button = h('button', { class: `room ${room.phase}`, type: 'button', 'aria-current': active ? 'true' : null, 'data-conv': room.conv, on: { click: open } },
      h('span', { class: 'glyph', 'aria-hidden': 'true', text: room.isRoom ? '#' : '✉' }),
      h('span', 'lines', h('bdi', { class: 'room-name', text: roomLabel(room) }), h('span', { class: 'preview', dir: 'auto' }, ...preview)),
      badge);
    return h('li', {}, button);
  }

  #onJoin(event) {
    event.preventDefault();
    const name = this.#name.value.trim().replace(/^#/, '');
    if (!isRoomName(name)) this.#fail(t('rooms.join.invalid'));
    else if (!this.chat.enter(name === t('rooms.lobby') ? nameOf('r:lobby') : name)) this.#fail(t('rooms.join.full'));
    else {
      this.#name.value = '';
      this.#fail('');
      this.onOpen();
    }
  }

  #fail(text) {
    this.#error.textContent = text;
    if (text) this.#name.setAttribute('aria-invalid', 'true');
    else this.#name.removeAttribute('aria-invalid');
  }
}
