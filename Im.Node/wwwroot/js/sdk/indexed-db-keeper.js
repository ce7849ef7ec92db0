import { lockOf } from './device.js';

const Store = 'messages';
const HandOverMs = 2_000;

/**
 * Keeps messages that are not answered yet in IndexedDB, so that they survive a reload. Each tab has a queue of its own and holds its lock
 * (see `claimDevice`); what a tab left that has gone is taken over, in order, by the next one of the same user that finds the lock free.
 */
export class IndexedDbKeeper {
  #database = null;

  /** @param {{ owner: string, tab: string, name?: string }} parts `owner`: app and user; `tab`: as claimed */
  constructor({ owner, tab, name = 'im-outbox' }) {
    this.owner = owner;
    this.tab = tab;
    this.name = name;
  }

  /** @returns {Promise<import('./core/outbox.js').Outgoing[]>} this tab's own, in the order in which they were made */
  async load() {
    return this.#of(await this.#all(), this.tab);
  }

  /** @returns {Promise<import('./core/outbox.js').Outgoing[]>} those of tabs that have gone, this tab's from now on */
  async adopt() {
    const tabs = new Set((await this.#all()).filter(row => row.owner === this.owner && row.tab !== this.tab).map(row => row.tab));
    const adopted = [];
    for (const tab of tabs) adopted.push(...await this.#adoptFrom(tab));
    return adopted;
  }

  async put(entry) {
    const row = { key: this.#key(entry.cid), owner: this.owner, tab: this.tab, at: entry.madeAt, entry };
    await this.#run('readwrite', store => store.put(row));
  }

  async remove(cid) {
    await this.#run('readwrite', store => store.delete(this.#key(cid))).catch(() => {});
  }

  /** Under the lock of the tab that has gone, so that only one tab takes it over; a page that only reloads gets it back first. */
  async #adoptFrom(tab) {
    if (!navigator.locks) return [];
    const free = () => navigator.locks.request(lockOf(tab), { ifAvailable: true }, lock => lock !== null);
    if (!await free()) return [];
    await new Promise(resolve => setTimeout(resolve, HandOverMs));
    return navigator.locks.request(lockOf(tab), { ifAvailable: true }, async lock => {
      if (!lock) return [];
      const entries = this.#of(await this.#all(), tab);
      for (const entry of entries) await this.put(entry);
      return entries;
    });
  }

  #of(rows, tab) {
    return rows.filter(row => row.owner === this.owner && row.tab === tab).sort((one, other) => one.at - other.at || one.n - other.n).map(row => row.entry);
  }

  #key(cid) {
    return `${this.owner}/${cid}`;
  }

  async #all() {
    return await this.#run('readonly', store => store.getAll());
  }

  async #run(mode, act) {
    this.#database ??= open(this.name);
    const database = await this.#database;
    return new Promise((resolve, reject) => {
      const transaction = database.transaction(Store, mode);
      const request = act(transaction.objectStore(Store));
      transaction.oncomplete = () => resolve(request.result);
      transaction.onabort = transaction.onerror = () => reject(transaction.error);
    });
  }
}

function open(name) {
  return new Promise((resolve, reject) => {
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => request.result.createObjectStore(Store, { keyPath: 'key' });
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}
