import { fetchMembers } from './members.js';

const RetryMs = [2_000, 10_000, 30_000];
const CrowdRefreshMs = 10_000;

/** Reads who is in a conversation, and reads it again when that failed or when a crowd moved on. */
export class MemberLists {
  #timers = new Map();

  /**
   * @param {{ app: number, client: import('./sdk/index.js').ImClient, store: import('./store.js').ChatStore, open: boolean }} parts
   *   `open`: anybody may ask who is in a room
   */
  constructor({ app, client, store, open }) {
    this.app = app;
    this.client = client;
    this.store = store;
    this.open = open;
  }

  async refresh(room, tries = 0) {
    this.forget(room);
    room.members.begin();
    try {
      if (room.isGroup) room.members.setRoles((await this.client.group({ op: 'get', conv: room.conv })).members);
      else if (this.open) room.members.finish(await fetchMembers(this.app, room.conv));
      else room.members.unlisted();
    } catch {
      room.members.fail();
      this.#later(room, RetryMs[Math.min(tries, RetryMs.length - 1)], tries + 1);
    }
    this.store.emit('members', room);
  }

  /** In a crowd nobody is named: the list is read again from time to time. */
  onCount(room) {
    if (!this.#timers.has(room) && this.open) this.#later(room, room.members.crowded ? CrowdRefreshMs : 0);
  }

  forget(room) {
    clearTimeout(this.#timers.get(room));
    this.#timers.delete(room);
  }

  #later(room, ms, tries = 0) {
    this.#timers.set(room, setTimeout(() => {
      this.#timers.delete(room);
      if (room.phase === 'joined') this.refresh(room, tries);
    }, ms));
  }
}
