import { Emitter } from './emitter.js';
import { Lobby } from './protocol.js';
import { Room } from './room.js';

/** Where pushes land that belong to no room: messages of back ends to this user or to the whole app. */
export const Notices = 'u:';

const MaxRooms = 100;

/**
 * What the page knows, and the one place that changes it. Views listen and draw.
 * Events: `rooms` (list, names, unread), `timeline` (Room), `members` (Room), `active` (Room), `self`.
 */
export class ChatStore extends Emitter {
  /** @type {Map<string, Room>} */
  rooms = new Map();

  /** @type {Room} */
  active;
  self = '';

  #attentive = true;

  constructor() {
    super();
    this.active = this.ensure(Lobby);
  }

  /** @returns {Room | null} null when the page is in as many rooms as a connection may be */
  ensure(conv) {
    const known = this.rooms.get(conv);
    if (known) return known;
    if (this.rooms.size >= MaxRooms) return null;
    const room = new Room(conv, { deliver: (to, record) => this.#deliver(to, record), gap: to => this.note(to, 'note.gap') });
    this.rooms.set(conv, room);
    this.emit('rooms');
    return room;
  }

  remove(room) {
    this.rooms.delete(room.conv);
    if (this.active === room) this.activate(this.rooms.get(Lobby));
    this.emit('rooms');
  }

  activate(room) {
    this.active = room;
    this.emit('active', room);
    this.#markRead();
  }

  /** Is somebody looking at the newest lines of the active room? */
  attend(attentive) {
    this.#attentive = attentive;
    this.#markRead();
  }

  rename(self) {
    this.self = self;
    this.emit('self');
  }

  setPhase(room, phase, failure = 0) {
    room.phase = phase;
    room.failure = failure;
    this.emit('rooms');
    if (room === this.active) this.emit('members', room);
  }

  /** A pushed message, numbered or not. */
  receive(data) {
    const conv = typeof data?.conv === 'string' && !data.conv.startsWith(Notices) ? data.conv : Notices;
    this.ensure(conv)?.sequence.offer(data);
  }

  presence(conv, name, present) {
    const room = this.rooms.get(conv);
    if (!room || name === this.self) return;
    const changes = room.members.state !== 'ready' || room.members.has(name) !== present;
    room.members.note(name, present);
    if (changes) room.timeline.addPresence(name, present);
    this.emit('members', room);
    this.emit('timeline', room);
  }

  note(room, note, vars = {}) {
    room.timeline.add({ kind: 'note', note, vars });
    this.emit('timeline', room);
  }

  /** @returns {import('./timeline.js').Item} the user's own line, before the server knows of it */
  compose(room, text, cid) {
    room.timeline.isNew(`${this.self}/${cid}`);
    const item = room.timeline.add({ kind: 'text', from: this.self, own: true, text, cid, state: 'sending' });
    this.emit('timeline', room);
    this.emit('rooms');
    return item;
  }

  change(room, item, changes) {
    room.timeline.change(item, changes);
    this.emit('timeline', room);
  }

  discard(room, item) {
    room.timeline.remove(item);
    this.emit('timeline', room);
    this.emit('rooms');
  }

  #deliver(room, { from, msg, mid, cid, ts }) {
    const sender = String(from ?? 'system');
    if (!room.timeline.isNew(mid, cid && `${sender}/${cid}`)) return;
    const own = sender === this.self;
    const item = room.timeline.add({ kind: 'text', from: sender, own, text: String(msg ?? ''), state: 'sent', ...(ts > 0 && { ts }) });
    if (!own && !(this.#attentive && room === this.active)) {
      if (room.unread++ === 0) this.#moveDivider(room, item);
      this.emit('rooms');
    } else if (room === this.active) this.emit('rooms');
    this.emit('timeline', room);
  }

  #moveDivider(room, item) {
    for (const other of room.timeline.items) {
      if (other.divider) room.timeline.change(other, { divider: false });
    }
    item.divider = true;
  }

  #markRead() {
    if (!this.#attentive || this.active.unread === 0) return;
    this.active.unread = 0;
    this.emit('rooms');
  }
}
