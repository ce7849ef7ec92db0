import { Conversation } from './conversation.js';
import { lineOf } from './lines.js';
import { Emitter } from './sdk/emitter.js';
import { Lobby } from './sdk/index.js';

const MaxRooms = 100;

/**
 * What the page knows, and the one place that changes it. Views listen and draw.
 * Events: `rooms` (list, names, unread), `timeline` (Conversation), `members` (Conversation), `active` (Conversation), `typing` (Conversation),
 * `read` (Conversation: seen up to its end), `presence`, `self`.
 */
export class ChatStore extends Emitter {
  /** @type {Map<string, Conversation>} */
  rooms = new Map();

  /** @type {Map<string, { state: string, lastSeen?: number }>} of those who are watched */
  presence = new Map();

  /** @type {Conversation} */
  active;
  self = '';

  /** The server's time of the last login: what is older came while this page was away. */
  onlineAt = 0;

  #attentive = true;

  constructor(self) {
    super();
    this.self = self;
    this.active = this.ensure(Lobby);
  }

  /** @returns {Conversation | null} null when the page is in as many rooms as a connection may be */
  ensure(conv) {
    const known = this.rooms.get(conv);
    if (known) return known;
    if (conv.startsWith('r:') && [...this.rooms.keys()].filter(each => each.startsWith('r:')).length >= MaxRooms) return null;
    const room = new Conversation(conv, this.self);
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

  /** Is somebody looking at the newest lines of the active conversation? */
  attend(attentive) {
    this.#attentive = attentive;
    this.#markRead();
  }

  setPhase(room, phase, failure = 0) {
    room.phase = phase;
    room.failure = failure;
    this.emit('rooms');
    if (room === this.active) this.emit('members', room);
  }

  /** What a login, a sync or a list says of a conversation. */
  describe({ conv, name, head = 0, read = 0, unread, last }) {
    const room = this.ensure(conv);
    if (!room) return;
    if (name) room.title = name;
    if (unread !== undefined && read >= room.read) Object.assign(room, { read, unread, countedTo: Math.max(head, room.countedTo) });
    if (last && !(room.preview?.mseq >= last.mseq)) room.preview = lineOf(last, this.self).line;
    if (!room.isRoom) room.phase = 'joined';
    this.emit('rooms');
    if (room === this.active) this.#markRead();
  }

  /** A record, each once and in order. @returns {any} the event that it is, when it changes something other than lines */
  receive(record) {
    const room = this.ensure(record.conv);
    if (!room) return null;
    const { line, changes, event } = lineOf(record, this.self);
    if (line) this.#show(room, line);
    else room.timeline.pass(record.mseq);
    if (changes) this.#alter(room, changes);
    if (line?.kind === 'text') room.preview = line;
    room.typing.delete(record.from);
    if (room === this.active) this.#markRead();
    this.emit('timeline', room);
    this.emit('rooms');
    return event ? { room, event } : null;
  }

  /** Older records, in order. */
  addHistory(room, records) {
    for (const record of records.toReversed()) {
      const { line, changes } = lineOf(record, this.self);
      if (line) room.timeline.place(line, true);
      else room.timeline.pass(record.mseq);
      if (changes) this.#alter(room, changes);
    }
    this.emit('timeline', room);
    this.emit('rooms');
  }

  reset(room) {
    room.timeline.reset();
    Object.assign(room, { preview: null, read: 0, unread: 0, countedTo: 0 });
    this.emit('timeline', room);
    this.emit('rooms');
  }

  /** A message that nothing keeps; without a conversation it is for this user, and stands in the inbox. */
  notice({ conv, from, msg, mid, ts }) {
    const room = this.ensure(this.rooms.has(conv) ? conv : `u:${this.self}`);
    room.phase = 'joined';
    if (!room.timeline.isNew(mid)) return;
    const item = room.timeline.add({ kind: 'text', from: String(from ?? 'system'), own: false, text: String(msg ?? ''), state: 'sent', ...(ts > 0 && { ts }) });
    this.#count(room, item, Infinity);
    this.emit('timeline', room);
    this.emit('rooms');
  }

  presenceLine(conv, name, present) {
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

  /** Records that the server does not keep any more. */
  gap(room, from, to) {
    room.timeline.add({ kind: 'gap', mseq: to, vars: { n: to - from + 1 } });
    this.emit('timeline', room);
  }

  /** The user's own line, before the server has answered. @param {string} [replaces] its cid at an earlier try */
  compose({ conv, cid, msg, failed, madeAt }, replaces = cid) {
    const room = this.ensure(conv);
    if (!room) return;
    const known = room.timeline.byCid(replaces);
    if (known && known.state === 'sent') return;
    const line = { kind: 'text', from: this.self, own: true, text: msg, cid, state: failed ? 'failed' : 'sending', why: failed ? failed.code : undefined, ts: madeAt };
    if (known) room.timeline.remove(known);
    room.timeline.add(line);
    this.emit('timeline', room);
    this.emit('rooms');
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

  /** Read in another tab or on another device. */
  readElsewhere(conv, mseq) {
    const room = this.rooms.get(conv);
    if (!room || mseq <= room.read) return;
    room.read = mseq;
    if (mseq >= room.countedTo) room.unread = 0;
    else room.unread = Math.min(room.unread, room.timeline.items.filter(item => item.kind === 'text' && !item.own && item.mseq > mseq).length);
    this.emit('rooms');
  }

  #show(room, line) {
    const known = room.timeline.byNumber(line.mseq);
    const item = room.timeline.place(line);
    if (known || line.kind !== 'text' || line.own) return;
    const away = room.awaySince > 0 && line.ts <= this.onlineAt;
    if (away) room.timeline.setDivider(item, 'away');
    room.awaySince = 0;
    this.#count(room, item, line.mseq, !away);
    if (this.#attentive || room !== this.active) room.timeline.trim();
  }

  #count(room, item, mseq, divide = true) {
    const seen = this.#attentive && room === this.active;
    if (seen) return;
    if (divide && mseq > room.read && (room.unread === 0 || !room.timeline.items.some(each => each.divider))) room.timeline.setDivider(item, 'new');
    if (!(mseq > room.countedTo)) return;
    if (Number.isFinite(mseq)) room.countedTo = mseq;
    room.unread++;
  }

  #alter(room, { mseq, at, ...changes }) {
    const item = room.timeline.byNumber(mseq);
    if (item && !(item.edited > at)) room.timeline.change(item, changes);
  }

  #markRead() {
    if (!this.#attentive) return;
    const { active } = this;
    active.unread = 0;
    this.emit('read', active);
    this.emit('rooms');
  }
}
