import { randomId } from './device.js';
import { fetchMembers } from './members.js';
import { isRoomName, Lobby, Reply } from './protocol.js';
import { tab } from './storage.js';

const MemberRetryMs = [2_000, 10_000, 30_000];
const CrowdRefreshMs = 10_000;
const JoinRetryMs = 3_000;

/** What a guest does: be in rooms, send lines, see who is there. Between the connection and the store. */
export class Chat {
  #refreshTimers = new Map();
  #onlineBefore = false;

  /**
   * @param {{ app: number, connection: import('./connection.js').Connection, store: import('./store.js').ChatStore }} parts
   */
  constructor({ app, connection, store }) {
    this.app = app;
    this.connection = connection;
    this.store = store;
    this.textMaxBytes = 16 * 1024;
    connection.on('online', data => this.#onOnline(data));
    connection.on('state', state => this.#onState(state));
    connection.on('push', frame => this.#onPush(frame));
  }

  /** Rooms that this tab was in before a reload, and the one that the address names. */
  restoreRooms(named) {
    for (const name of this.#keptRooms()) this.store.ensure(`r:${name}`);
    const wanted = isRoomName(named) ? named : tab.get(this.#activeKey);
    const room = isRoomName(named) ? this.store.ensure(`r:${named}`) : this.store.rooms.get(`r:${wanted}`);
    if (room) this.open(room);
    this.#keepRooms();
  }

  open(room) {
    this.store.activate(room);
    tab.set(this.#activeKey, room.name);
  }

  /** @returns {boolean} false when the page is in too many rooms */
  enter(name) {
    const known = this.store.rooms.has(`r:${name}`);
    const room = this.store.ensure(`r:${name}`);
    if (!room) return false;
    this.open(room);
    this.#keepRooms();
    if (!known || room.phase === 'failed') this.join(room);
    return true;
  }

  leave(room) {
    this.store.remove(room);
    this.#keepRooms();
    this.#cancelRefresh(room);
    if (room.phase === 'joined') this.connection.request('leave', { conv: room.conv }).catch(() => {});
  }

  async join(room) {
    if (!this.connection.isOnline || !room.isRoom) return;
    this.store.setPhase(room, 'joining');
    const before = this.connection.state;
    try {
      const { epoch, head, members } = await this.connection.request('join', { conv: room.conv });
      if (!this.#isOpen(room)) {
        this.connection.request('leave', { conv: room.conv }).catch(() => {});
        return;
      }
      room.sequence.restart(epoch, head);
      room.members.count = Number(members) || 1;
      this.store.setPhase(room, 'joined');
      this.#welcome(room);
      this.refreshMembers(room);
    } catch (error) {
      if (this.connection.state !== before || !this.#isOpen(room)) return;
      this.store.setPhase(room, 'failed', error.code);
      if (error.temporary) setTimeout(() => room.phase === 'failed' && this.#isOpen(room) && this.join(room), error.retryAfterMs || JoinRetryMs);
    }
  }

  /** Sends a line once. It is never sent again by itself: a lost line says so and waits for its author. */
  send(room, text) {
    return this.#deliver(room, this.store.compose(room, text, randomId(20)));
  }

  /** By hand, with the same cid: whoever got the line the first time does not see it twice. */
  retry(room, item) {
    this.store.change(room, item, { state: 'sending', why: undefined });
    return this.#deliver(room, item);
  }

  async #deliver(room, item) {
    try {
      const data = { conv: room.conv, cid: item.cid, type: 'text', msg: item.text, ephemeral: true };
      const { mid, ts } = await this.connection.request('msg', data) ?? {};
      room.timeline.isNew(mid);
      this.store.change(room, item, { state: 'sent', ...(ts > 0 && { ts }) });
    } catch (error) {
      this.store.change(room, item, { state: error.sent ? 'unconfirmed' : 'unsent', why: reasonOf(error) });
      if (error.code === Reply.notAMember) this.join(room);
    }
  }

  async refreshMembers(room, tries = 0) {
    this.#cancelRefresh(room);
    room.members.begin();
    try {
      room.members.finish(await fetchMembers(this.app, room.conv));
    } catch {
      room.members.fail();
      const wait = MemberRetryMs[Math.min(tries, MemberRetryMs.length - 1)];
      this.#refreshLater(room, wait, tries + 1);
    }
    this.store.emit('members', room);
  }

  #refreshLater(room, ms, tries = 0) {
    this.#refreshTimers.set(room, setTimeout(() => {
      this.#refreshTimers.delete(room);
      if (room.phase === 'joined') this.refreshMembers(room, tries);
    }, ms));
  }

  #cancelRefresh(room) {
    clearTimeout(this.#refreshTimers.get(room));
    this.#refreshTimers.delete(room);
  }

  async #onOnline({ limits }) {
    if (limits?.text > 0) this.textMaxBytes = limits.text;
    this.#onlineBefore = true;
    const session = this.connection.state;
    for (const room of new Set([this.store.active, ...this.store.rooms.values()])) {
      if (this.connection.state !== session) return;
      await this.join(room);
    }
  }

  #onState({ phase }) {
    if (phase === 'online' || !this.#onlineBefore) return;
    for (const room of this.store.rooms.values()) {
      if (room.phase !== 'joined') continue;
      room.awaySince = Date.now();
      this.store.setPhase(room, 'away');
    }
  }

  #welcome(room) {
    if (!room.joinedBefore) this.store.note(room, 'note.joined', { name: this.store.self });
    else if (room.awaySince) this.store.note(room, 'note.back', { from: room.awaySince, to: Date.now() });
    room.joinedBefore = true;
    room.awaySince = 0;
  }

  #onPush({ cmd, seq, data }) {
    const conv = data?.conv ?? Lobby;
    if (cmd === 'msg') this.store.receive({ mid: seq, ...data });
    else if (cmd === 'enter' || cmd === 'exit') this.store.presence(conv, String(data?.from), cmd === 'enter');
    else if (cmd === 'count') this.#onCount(conv, Number(data.members) || 0);
    else if (cmd === 'sync_required') this.#onSyncRequired(data);
  }

  #onCount(conv, count) {
    const room = this.store.rooms.get(conv);
    if (!room) return;
    if (!this.#refreshTimers.has(room)) this.#refreshLater(room, room.members.crowded ? CrowdRefreshMs : 0);
    room.members.counted(count);
    this.store.emit('members', room);
  }

  /** The server dropped pushes to this page. Nothing is kept that could fill the hole, so it is shown. */
  #onSyncRequired(data) {
    for (const room of this.store.rooms.values()) {
      if (room.phase !== 'joined' || !(data?.all || data?.convs?.includes?.(room.conv))) continue;
      this.store.note(room, 'note.gap');
      this.refreshMembers(room);
    }
  }

  #isOpen(room) {
    return this.store.rooms.get(room.conv) === room;
  }

  get #roomsKey() {
    return `im.rooms.${this.app}`;
  }

  get #activeKey() {
    return `im.active.${this.app}`;
  }

  #keptRooms() {
    try {
      return JSON.parse(tab.get(this.#roomsKey) ?? '[]').filter(isRoomName);
    } catch {
      return [];
    }
  }

  #keepRooms() {
    const names = [...this.store.rooms.values()].filter(room => room.isRoom && !room.isLobby).map(room => room.name);
    tab.set(this.#roomsKey, JSON.stringify(names));
  }
}

function reasonOf({ kind, code }) {
  if (code === Reply.rateLimited) return 'why.rate';
  if (code === Reply.tooLarge) return 'why.large';
  if (kind === 'refused') return 'why.refused';
  return kind === 'busy' ? 'why.busy' : 'why.lost';
}
