import { t } from '../i18n.js';
import { announce } from './announcer.js';
import { copyText } from './clipboard.js';
import { byId, eachFrame, h, icon } from './dom.js';
import { roomLabel } from './room-label.js';
import { shortTime } from './time.js';

const CopiedMs = 1_500;

/** The head of the active room, what stands in an empty one, and the title of the browser's tab. */
export class RoomHeader {
  #empty = byId('empty');

  /**
   * @param {{ app: number, store: import('../store.js').ChatStore, chat: import('../chat.js').Chat }} parts
   */
  constructor({ app, store, chat }) {
    this.app = app;
    this.store = store;
    this.chat = chat;
    const draw = eachFrame(() => this.draw());
    for (const event of ['active', 'members', 'timeline', 'presence']) store.on(event, draw);
    store.on('rooms', () => {
      this.#drawTitle();
      draw();
    });
    byId('room-leave').addEventListener('click', () => this.chat.leave(this.store.active));
    byId('room-link').addEventListener('click', event => this.#copyLink(event.currentTarget));
    this.draw();
  }

  draw() {
    const room = this.store.active;
    byId('room-title').replaceChildren(...(room.isRoom ? [h('span', { class: 'hash', text: '#' })] : []), h('bdi', { text: roomLabel(room) }));
    byId('room-count').textContent = this.#sub(room);
    byId('room-leave').hidden = room.isLobby || !(room.isRoom || room.isGroup);
    byId('room-link').hidden = !room.isRoom;
    this.#drawEmpty(room);
    this.#drawTitle();
  }

  #sub(room) {
    if (!room.peer) return (room.isRoom || room.isGroup) && room.members.count > 0 ? t('members.count', { n: room.members.count }) : '';
    const { state, lastSeen } = this.store.presence.get(room.peer) ?? {};
    if (state === 'online') return t('presence.now', { name: room.peer });
    return lastSeen > 0 ? t('presence.lastSeen', { time: shortTime(lastSeen) }) : '';
  }

  #drawTitle() {
    const unread = [...this.store.rooms.values()].reduce((sum, room) => sum + room.unread, 0);
    document.title = `${unread > 0 ? `(${unread}) ` : ''}${roomLabel(this.store.active)} · ImAkka ${this.app}`;
  }

  #drawEmpty(room) {
    const failed = room.phase === 'failed';
    const state = `${room.conv}/${failed ? room.failure : room.latest !== null}/${room.loading}/${document.documentElement.lang}`;
    this.#empty.hidden = !failed && (room.latest !== null || room.loading);
    if (this.#empty.hidden || this.#empty.dataset.state === state) return;
    this.#empty.dataset.state = state;
    if (failed) this.#empty.replaceChildren(icon('ridge'), ...this.#failure(room));
    else this.#empty.replaceChildren(icon('ridge'), ...this.#invitation(room));
  }

  #failure(room) {
    if (!room.isRoom) return [h('h2', { text: t('rooms.gone', { code: room.failure || '–' }) })];
    const again = h('button', { class: 'button', type: 'button', text: t('rooms.joinAgain'), on: { click: () => this.chat.join(room) } });
    return [h('h2', { text: t('rooms.failed', { code: room.failure || '–' }) }), again];
  }

  #invitation(room) {
    const parts = [h('h2', { text: t('empty.title') }), h('p', { text: t(room.isWritable ? (room.isRoom ? 'empty.text' : 'empty.chat') : 'empty.notices') })];
    if (room.isRoom) parts.push(h('a', { class: 'button quiet', href: this.#link(room), target: '_blank', rel: 'noopener', text: t('empty.invite') }));
    return parts;
  }

  #link(room) {
    const query = new URLSearchParams({ appId: String(this.app), ...(!room.isLobby && { room: room.name }) });
    return `${location.origin}/home/index?${query}`;
  }

  async #copyLink(button) {
    if (!await copyText(this.#link(this.store.active))) return;
    button.classList.add('done');
    announce(t('rooms.linkCopied'));
    setTimeout(() => button.classList.remove('done'), CopiedMs);
  }
}
