import { t } from './i18n.js';
import { MemberLists } from './member-lists.js';
import { Pushes } from './pushes.js';
import { isRoom, isRoomName, oneToOne, Reply } from './sdk/index.js';
import { TabRooms } from './tab-rooms.js';

const HistoryPage = 50;
const ReadAfterMs = 300;
const TypingEveryMs = 3_000;

/** What a user does, and what that does to the store: between the client and what is shown. */
export class Chat {
  #readTimers = new Map();
  #typedAt = 0;

  /**
   * @param {{ app: number, client: import('./sdk/index.js').ImClient, store: import('./store.js').ChatStore, open: boolean }} parts
   *   `open`: anybody may ask who is in a room
   */
  constructor({ app, client, store, open }) {
    this.app = app;
    this.client = client;
    this.store = store;
    this.tabRooms = new TabRooms(app);
    client.on('state', state => this.#onState(state));
    client.on('online', data => { store.onlineAt = data.ts ?? 0; });
    client.on('conversations', convs => this.#onConversations(convs));
    client.on('room', room => this.#onRoom(room));
    client.on('record', record => this.#onRecord(record));
    client.on('reset', ({ conv }) => this.#withRoom(conv, room => this.#reload(room)));
    client.on('gap', ({ conv, from, to }) => this.#withRoom(conv, room => store.gap(room, from, to)));
    client.on('lost', ({ conv, code }) => this.#onLost(conv, code));
    this.memberLists = new MemberLists({ app, client, store, open });
    this.pushes = new Pushes({ client, store, onCount: room => this.memberLists.onCount(room) });
    for (const event of ['restored', 'sending']) client.on(event, (entry, before) => store.compose(entry, before));
    client.on('failed', (entry, { code }) => this.#onFailed(entry, code));
    store.on('read', room => this.#readSoon(room));
  }

  /** Rooms that this tab was in before a reload, and the one that the address names. */
  restore(named) {
    for (const name of this.tabRooms.names()) this.store.ensure(`r:${name}`);
    const wanted = isRoomName(named) ? `r:${named}` : this.tabRooms.active;
    const room = isRoomName(named) ? this.store.ensure(wanted) : this.store.rooms.get(wanted);
    if (room) this.show(room);
    this.#keepRooms();
    for (const each of new Set([this.store.active, ...this.store.rooms.values()])) this.join(each);
  }

  show(room) {
    this.store.activate(room);
    this.tabRooms.active = room.conv;
    if (room.timeline.items.length === 0) this.loadOlder(room);
    if (room.isGroup && room.members.state === 'loading') this.memberLists.refresh(room);
  }

  /** @returns {boolean} false when the page is in too many rooms */
  enter(name) {
    const known = this.store.rooms.has(`r:${name}`);
    const room = this.store.ensure(`r:${name}`);
    if (!room) return false;
    this.show(room);
    this.#keepRooms();
    if (!known || room.phase === 'failed') this.join(room);
    return true;
  }

  /** The conversation with one other; it comes to be with the first line. */
  talkTo(name) {
    const room = this.store.ensure(oneToOne(this.store.self, name));
    room.phase = 'joined';
    this.show(room);
    this.store.emit('rooms');
    return room;
  }

  leave(room) {
    this.store.remove(room);
    this.#keepRooms();
    this.memberLists.forget(room);
    if (room.isRoom) this.client.leave(room.conv);
    else this.client.group({ op: 'leave', conv: room.conv }).catch(() => this.#listAgain());
  }

  join(room) {
    if (!room.isRoom) return;
    this.store.setPhase(room, 'joining');
    this.client.join(room.conv);
  }

  async createGroup(name, users) {
    const { conv, members } = await this.client.group({ op: 'create', name, users });
    const room = this.store.ensure(conv);
    Object.assign(room, { title: name, phase: 'joined' });
    room.members.setRoles(members ?? []);
    this.show(room);
    this.store.emit('members', room);
  }

  async addToGroup(room, users) {
    const { members } = await this.client.group({ op: 'add', conv: room.conv, users });
    room.members.setRoles(members ?? []);
    this.store.emit('members', room);
  }

  send(room, text) {
    this.#typedAt = 0;
    this.client.send({ conv: room.conv, msg: text });
  }

  retry(item) {
    this.client.sending.retry(item.cid);
  }

  /** @returns {boolean} false when it is under way, so that it may arrive yet */
  discard(room, item) {
    if (!this.client.sending.discard(item.cid)) return false;
    this.store.discard(room, item);
    return true;
  }

  /** @returns {Promise<void>} rejects with RequestError */
  edit(room, item, text) {
    return this.client.edit(room.conv, item.mseq, text);
  }

  recall(room, item) {
    return this.client.recall(room.conv, item.mseq);
  }

  /** How far the others are with an own line: of one to one in a word, of a group as a number; only under the newest one that they have. */
  receiptsOf(room, item, isLast) {
    if (!item.mseq || room.receipts.size === 0) return '';
    const others = [...room.receipts].filter(([user]) => user !== this.store.self).map(([, receipt]) => receipt);
    const newest = level => room.timeline.items.findLast(each => each.own && each.kind === 'text' && each.mseq && others.some(other => other[level] >= each.mseq)) === item;
    if (newest('read')) return room.peer ? t('receipt.read') : t('receipt.readBy', { n: others.filter(other => other.read >= item.mseq).length });
    return room.peer && isLast && newest('delivered') ? t('receipt.delivered') : '';
  }

  /** Says that this user is writing, or has stopped; at most every 3 s. */
  typing(room, writes) {
    if (room.isRoom && room.members.count > 200) return;
    const now = Date.now();
    if (!this.client.isOnline || (writes ? now - this.#typedAt < TypingEveryMs : this.#typedAt === 0)) return;
    this.#typedAt = writes ? now : 0;
    this.client.typing(room.conv, writes ? 'start' : 'stop');
  }

  /** Reads what is before the oldest line. */
  async loadOlder(room) {
    const { timeline } = room;
    const cursor = this.client.cursor(room.conv);
    if (room.loading || timeline.complete || !cursor || !this.client.isOnline) return;
    const before = timeline.oldest ?? cursor[1] + 1;
    if (before <= 1) {
      this.#loaded(room, { complete: true });
      return;
    }
    this.#loaded(room, { loading: true });
    try {
      const { epoch, first, msgs } = await this.client.history(room.conv, { before, limit: HistoryPage });
      if (epoch === this.client.cursor(room.conv)?.[0]) {
        this.store.addHistory(room, msgs);
        timeline.complete = msgs.length === 0 || msgs[0].mseq <= first;
      }
    } catch (error) {
      timeline.complete = error.code === Reply.rangeNotKept;
    }
    this.#loaded(room, { loading: false });
  }

  #loaded(room, { loading = room.loading, complete = room.timeline.complete }) {
    room.loading = loading;
    room.timeline.complete = complete;
    this.store.emit('timeline', room);
  }

  #onState({ phase }) {
    if (phase === 'online') return;
    for (const room of this.store.rooms.values()) {
      room.loading = false;
      if (room.phase !== 'joined') continue;
      room.awaySince ||= Date.now();
      if (room.isRoom) this.store.setPhase(room, 'away');
    }
  }

  #onConversations(convs) {
    for (const conv of convs) this.store.describe(conv);
    const { active } = this.store;
    if (active.timeline.items.length === 0) this.loadOlder(active);
    if (active.isGroup && active.members.state !== 'ready') this.memberLists.refresh(active);
  }

  #onRoom({ conv, joined, members, code }) {
    this.#withRoom(conv, room => {
      if (!joined) {
        this.store.setPhase(room, 'failed', code);
        return;
      }
      room.members.count = Number(members) || 1;
      this.store.setPhase(room, 'joined');
      if (!room.joinedBefore) this.store.note(room, 'note.joined', { name: this.store.self });
      room.joinedBefore = true;
      if (room.timeline.oldest === null) this.loadOlder(room);
      this.memberLists.refresh(room);
    });
  }

  #onRecord(record) {
    const news = this.store.receive(record);
    if (!news) return;
    const { room, event } = news;
    if (event.op === 'create' && event.name) room.title = event.name;
    if (event.op === 'remove' && event.users?.includes(this.store.self)) this.#onLost(room.conv, Reply.notAMember);
    else this.memberLists.refresh(room);
  }

  #reload(room) {
    this.store.reset(room);
    setTimeout(() => this.loadOlder(room), ReadAfterMs);
  }

  #onLost(conv, code) {
    this.#withRoom(conv, room => {
      if (room.isRoom) {
        this.store.setPhase(room, 'joining');
        return;
      }
      this.client.reading.forget(conv);
      this.store.setPhase(room, 'failed', code);
    });
  }

  #onFailed(entry, code) {
    const room = this.store.rooms.get(entry.conv);
    const item = room?.timeline.byCid(entry.cid);
    if (item) this.store.change(room, item, { state: 'failed', why: code });
  }

  /** Follows who of these is online. */
  async watch(users) {
    const answer = await this.client.watch(users).catch(() => null);
    if (Array.isArray(answer?.users)) this.pushes.onPresence(answer.users);
  }

  /** At once, and then at most every 300 ms. */
  #readSoon(room) {
    if (this.#readTimers.has(room) || !this.#tellRead(room)) return;
    this.#readTimers.set(room, setTimeout(() => {
      this.#readTimers.delete(room);
      this.#readSoon(room);
    }, ReadAfterMs));
  }

  #tellRead(room) {
    const mseq = this.client.cursor(room.conv)?.[1] ?? 0;
    if (!this.client.isOnline || room.unread > 0 || mseq <= room.read) return false;
    room.read = mseq;
    this.client.read(room.conv, mseq).catch(() => {});
    return true;
  }

  /** What became of the list is asked anew, after something that may or may not have happened. */
  #listAgain() {
    this.client.request('convs', { limit: 200 }).then(({ convs }) => this.#onConversations(convs), () => {});
  }

  #withRoom(conv, act) {
    const room = this.store.rooms.get(conv);
    if (room) act(room);
  }

  #keepRooms() {
    this.tabRooms.keep([...this.store.rooms.values()].filter(room => isRoom(room.conv) && !room.isLobby).map(room => room.name));
  }
}
