const MaxItems = 500;
const MaxKeys = 1_000;
const MaxNamesInLine = 60;

/**
 * @typedef {{
 *   id: number, rev: number, kind: 'text' | 'presence' | 'note', ts: number,
 *   from?: string, own?: boolean, text?: string, cid?: string, divider?: boolean,
 *   state?: 'sending' | 'sent' | 'unsent' | 'unconfirmed', why?: string,
 *   joined?: string[], left?: string[], note?: string, vars?: object,
 * }} Item
 */

/** What one room shows, oldest first: the newest 500 items; older ones are dropped, for nothing here is an archive. */
export class Timeline {
  /** @type {Item[]} */
  items = [];

  #nextId = 1;
  #seen = new Set();

  /** @returns {Item} */
  add(item) {
    const added = { id: this.#nextId++, rev: 0, ts: Date.now(), ...item };
    this.items.push(added);
    if (this.items.length > MaxItems) this.items.splice(0, this.items.length - MaxItems);
    return added;
  }

  change(item, changes) {
    Object.assign(item, changes);
    item.rev++;
  }

  remove(item) {
    this.items = this.items.filter(other => other !== item);
  }

  /** @returns {boolean} true the first time one of these keys is met; the last 1,000 are remembered */
  isNew(...keys) {
    const known = keys.filter(Boolean);
    const fresh = !known.some(key => this.#seen.has(key));
    for (const key of known) this.#seen.add(key);
    for (const oldest of this.#seen) {
      if (this.#seen.size <= MaxKeys) break;
      this.#seen.delete(oldest);
    }
    return fresh;
  }

  /** Joins and leaves in a row share one line; who did both counts by the last. */
  addPresence(name, present) {
    const last = this.items.at(-1);
    const fits = last?.kind === 'presence' && last.joined.length + last.left.length < MaxNamesInLine;
    const line = fits ? last : this.add({ kind: 'presence', joined: [], left: [] });
    const others = list => list.filter(other => other !== name);
    this.change(line, {
      joined: present ? [...others(line.joined), name] : others(line.joined),
      left: present ? others(line.left) : [...others(line.left), name],
    });
  }
}
