const TypingShownMs = 6_000;

/** What others do, as far as it is no record: coming and going, reading, writing. */
export class Pushes {
  /**
   * @param {{ client: import('./sdk/index.js').ImClient, store: import('./store.js').ChatStore, onCount: (room: any) => void }} parts
   */
  constructor({ client, store, onCount }) {
    this.store = store;
    this.onCount = onCount;
    client.on('push', frame => this.#onPush(frame));
  }

  /** @param {{ user: string, state: string, lastSeen?: number }[]} users */
  onPresence(users) {
    for (const { user, state, lastSeen } of users) this.store.presence.set(user, { state, lastSeen });
    this.store.emit('presence');
  }

  #onPush({ cmd, seq, data }) {
    if (!data || typeof data !== 'object') return;
    const room = this.store.rooms.get(data.conv);
    if (cmd === 'msg' && !(data.mseq > 0)) this.store.notice({ ...data, mid: seq });
    else if (cmd === 'presence') this.onPresence([data]);
    else if (!room) return;
    else if (cmd === 'enter' || cmd === 'exit') this.store.presenceLine(room.conv, String(data.from), cmd === 'enter');
    else if (cmd === 'count') this.#onCount(room, Number(data.members) || 0);
    else if (cmd === 'read') this.store.readElsewhere(room.conv, data.mseq);
    else if (cmd === 'receipt') this.#onReceipt(room, data);
    else if (cmd === 'typing') this.#onTyping(room, data);
  }

  #onCount(room, count) {
    this.onCount(room);
    room.members.counted(count);
    this.store.emit('members', room);
  }

  #onReceipt(room, { user, delivered = 0, read = 0 }) {
    const known = room.receipts.get(user);
    room.receipts.set(user, { delivered: Math.max(delivered, known?.delivered ?? 0), read: Math.max(read, known?.read ?? 0) });
    this.store.emit('timeline', room);
  }

  #onTyping(room, { user, state }) {
    if (user === this.store.self) return;
    if (state === 'start') {
      room.typing.set(user, Date.now() + TypingShownMs);
      setTimeout(() => this.store.emit('typing', room), TypingShownMs + 50);
    } else room.typing.delete(user);
    this.store.emit('typing', room);
  }
}
