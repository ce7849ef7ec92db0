import { Lobby, nameOf } from './sdk/index.js';

const FetchTimeoutMs = 8_000;

/**
 * Who is in a room now.
 * @returns {Promise<{ count: number, names: string[] }>}
 */
export async function fetchMembers(app, conv) {
  const query = new URLSearchParams({ appId: String(app) });
  if (conv !== Lobby) query.set('room', nameOf(conv));
  const answer = await fetch(`/user/list?${query}`, { signal: AbortSignal.timeout(FetchTimeoutMs), cache: 'no-store' });
  const { data } = await answer.json();
  const names = (Array.isArray(data?.userList) ? data.userList : []).map(String);
  return { count: Math.max(Number(data?.userCount) || 0, names.length), names };
}

/**
 * The members of one room: a list read once, and the joins and leaves since the page itself joined. Events that come
 * while the list is under way are applied on top of it, so nobody is missed and nobody stays who left.
 */
export class Members {
  #names = new Set();
  #during = null;

  /** More than the server names one by one: `count` is right, the names are those of the last list. */
  crowded = false;
  count = 0;

  /** @type {Map<string, 'owner' | 'admin' | 'member' | 'muted'>} of a group */
  roles = new Map();

  state = 'loading';

  get names() {
    return this.#names;
  }

  has(name) {
    return this.#names.has(name);
  }

  begin() {
    this.#during = new Map();
  }

  finish({ count, names }) {
    this.#names = new Set(names);
    for (const [name, present] of this.#during ?? []) this.#apply(name, present);
    this.#during = null;
    this.count = this.crowded ? Math.max(count, this.#names.size) : this.#names.size;
    this.state = 'ready';
  }

  /** @param {{ user: string, role: string }[]} members of a group */
  setRoles(members) {
    this.roles = new Map(members.map(({ user, role }) => [user, role]));
    this.#names = new Set(this.roles.keys());
    this.count = this.#names.size;
    this.state = 'ready';
  }

  /** Nobody says who is here: the names are those who came since. */
  unlisted() {
    this.#during = null;
    this.state = 'unlisted';
  }

  fail() {
    this.#during = null;
    this.state = 'failed';
  }

  /** @param {boolean} present true for a join, false for a leave */
  note(name, present) {
    this.crowded = false;
    this.#during?.set(name, present);
    const known = this.#names.has(name);
    this.#apply(name, present);
    if (this.state !== 'unlisted') this.count = this.#names.size;
    else if (known !== present || !present) this.count += present ? 1 : -1;
  }

  counted(count) {
    this.crowded = true;
    this.count = count;
  }

  #apply(name, present) {
    if (present) this.#names.add(name);
    else this.#names.delete(name);
  }
}
