const MaxWatched = 200;
const AskAfterMs = 500;

/** Keeps the server told whose presence this page shows: the others of one-to-one conversations, and the members of the active group. */
export class Watched {
  #timer = 0;
  #asked = '';

  /**
   * @param {{ store: import('../store.js').ChatStore, chat: import('../chat.js').Chat }} parts
   */
  constructor({ store, chat }) {
    this.store = store;
    this.chat = chat;
    for (const event of ['rooms', 'active', 'members']) store.on(event, () => this.#soon());
    chat.client.on('online', () => {
      this.#asked = '';
      this.#soon();
    });
  }

  #soon() {
    this.#timer ||= setTimeout(() => {
      this.#timer = 0;
      this.#watch();
    }, AskAfterMs);
  }

  #watch() {
    if (!this.chat.client.isOnline) return;
    const { active, rooms, self } = this.store;
    const peers = [active, ...rooms.values()].map(room => room.peer).filter(Boolean);
    const users = [...new Set([...peers, ...(active.isGroup ? active.members.names : [])])].filter(user => user !== self).slice(0, MaxWatched).sort();
    const asked = JSON.stringify(users);
    if (asked === this.#asked || (users.length === 0 && this.#asked === '')) return;
    this.#asked = asked;
    this.chat.watch(users);
  }
}
