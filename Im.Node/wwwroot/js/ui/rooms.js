import { pieces, t } from '../i18n.js';
import { isRoomName, nameOf } from '../sdk/index.js';
import { avatar } from './avatar.js';
import { byId, eachFrame, h } from './dom.js';
import { roomLabel } from './room-label.js';
import { shortTime } from './time.js';

const MaxBadge = 99;
const Glyphs = { r: '#', g: '◍', u: '✉' };

/** The conversations of this user with their newest line and unread count: rooms in the order of joining, the others by their newest line. */
export class RoomsView {
  #rooms = byId('rooms');
  #chats = byId('chats');
  #name = byId('join-name');
  #error = byId('join-error');

  /**
   * @param {{ store: import('../store.js').ChatStore, chat: import('../chat.js').Chat, onOpen: () => void, onNewGroup: () => void }} parts
   */
  constructor({ store, chat, onOpen, onNewGroup }) {
    this.store = store;
    this.chat = chat;
    this.onOpen = onOpen;
    const draw = eachFrame(() => this.draw());
    for (const event of ['rooms', 'active', 'presence']) store.on(event, draw);
    byId('join').addEventListener('submit', event => this.#onJoin(event));
    byId('group-new').addEventListener('click', onNewGroup);
    this.#name.addEventListener('input', () => this.#fail(''));
    this.draw();
  }

  draw() {
    const focused = document.activeElement?.closest?.('.room')?.dataset.conv;
    const all = [...this.store.rooms.values()];
    const chats = all.filter(room => !room.isRoom).sort((one, other) => other.latestAt - one.latestAt);
    this.#rooms.replaceChildren(...all.filter(room => room.isRoom).map(room => this.#row(room)));
    this.#chats.replaceChildren(...chats.map(room => this.#row(room)));
    byId('chats-none').hidden = chats.length > 0;
    if (focused) [...document.querySelectorAll('.room')].find(row => row.dataset.conv === focused)?.focus();
    byId('rooms-dot').hidden = !all.some(room => room !== this.store.active && room.unread > 0);
  }

  #row(room) {
    const active = room === this.store.active;
    const { latest } = room;
    const badge = room.unread > 0
      ? h('span', 'badge', h('span', { 'aria-hidden': 'true', text: room.unread > MaxBadge ? `${MaxBadge}+` : room.unread }), h('span', { class: 'sr', text: t('rooms.unread', { n: room.unread }) }))
      : null;
    const open = () => {
      this.chat.show(room);
      this.onOpen();
    };
    const button = h('button', { class: `room ${room.phase}`, type: 'button', 'aria-current': active ? 'true' : null, 'data-conv': room.conv, on: { click: open } },
      this.#picture(room),
      h('span', 'lines',
        h('span', 'room-line', h('bdi', { class: 'room-name', text: roomLabel(room) }), latest?.ts ? h('time', { class: 'room-time', text: shortTime(latest.ts) }) : null),
        h('span', { class: 'preview', dir: 'auto' }, ...this.#preview(room))),
      badge);
    return h('li', {}, button);
  }

  #picture(room) {
    if (!room.peer) return h('span', { class: 'glyph', 'aria-hidden': 'true', text: Glyphs[room.kind] });
    const online = this.store.presence.get(room.peer)?.state === 'online';
    return h('span', 'pictured', avatar(room.peer), online ? h('span', 'presence-dot', h('span', { class: 'sr', text: t('presence.online') })) : null);
  }

  #preview(room) {
    const { latest } = room;
    if (!latest) return [t('rooms.quiet')];
    const text = latest.recalled ? t('message.recalled') : latest.text.slice(0, 80);
    if (latest.own) return pieces('rooms.preview', { from: t('log.you'), text });
    return room.peer ? [text] : pieces('rooms.preview', { from: h('bdi', { text: latest.from }), text });
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
