const MaxItems = 1_000;
const MaxKeys = 1_000;
const MaxNamesInLine = 60;

/**
 * @typedef {{
 *   id: number, rev: number, kind: 'text' | 'event' | 'gap' | 'presence' | 'note', ts: number, mseq?: number,
 *   from?: string, own?: boolean, text?: string, type?: string, cid?: string, divider?: 'new' | 'away' | null, edited?: number, recalled?: boolean,
 *   state?: 'sending' | 'sent' | 'failed', why?: string, ext?: any,
 *   joined?: string[], left?: string[], note?: string, vars?: object,
 * }} Item
 */

/**
 * What one conversation shows, oldest first: records by their number, the user's own unanswered lines at the end, and between them what the
 * page noted itself. It holds one stretch without holes, from `oldest` on; beyond 1,000 items the oldest are dropped and read again when needed.
 */
export class Timeline {
  /** @type {Item[]} */
  items = [];

  /** The number of the oldest record that is here, or null. */
  oldest = null;

  /** Nothing older can be had. */
  complete = false;

  #nextId = 1;
  #seen = new Set();

  /** A line of the page's own, or an own message before it has a number. @returns {Item} */
  add(item) {
    const added = this.#make(item);
    const at = item.state ? this.items.length : this.#endOfSettled();
    this.items.splice(at, 0, added);
    return added;
  }

  /** @returns {Item | undefined} */
  byNumber(mseq) {
    return this.items.findLast(item => item.mseq === mseq && item.kind !== 'gap');
  }

  byCid(cid) {
    return this.items.findLast(item => item.cid === cid && item.own);
  }

  /**
   * Puts a record's line at its place; an own line that waited for its number moves there.
   * @param {boolean} [older] from history: before all that is here already
   * @returns {Item}
   */
  place(line, older = false) {
    const known = this.byNumber(line.mseq);
    if (known) return known;
    const waiting = line.own && line.cid ? this.items.find(item => item.cid === line.cid && item.state !== 'sent') : undefined;
    if (waiting) {
      this.items.splice(this.items.indexOf(waiting), 1);
      Object.assign(waiting, line, { why: undefined });
      waiting.rev++;
    }
    const item = waiting ?? this.#make(line);
    this.items.splice(older && (this.oldest === null || line.mseq < this.oldest) ? 0 : this.#placeOf(line.mseq), 0, item);
    this.oldest = Math.min(this.oldest ?? line.mseq, line.mseq);
    return item;
  }

  /** A record that shows no line of its own still counts for where the stretch begins. */
  pass(mseq) {
    this.oldest = Math.min(this.oldest ?? mseq, mseq);
  }

  /** Drops the oldest; not while somebody reads there. */
  trim() {
    if (this.items.length <= MaxItems) return;
    this.items.splice(0, this.items.length - MaxItems);
    this.oldest = this.items.find(item => item.mseq)?.mseq ?? null;
    this.complete = false;
  }

  /** All that has a number is void; what was not sent yet stays. */
  reset() {
    this.items = this.items.filter(item => item.kind === 'text' && item.state !== 'sent');
    this.oldest = null;
    this.complete = false;
  }

  change(item, changes) {
    Object.assign(item, changes);
    item.rev++;
  }

  remove(item) {
    this.items = this.items.filter(other => other !== item);
  }

  setDivider(item, kind) {
    for (const other of this.items) {
      if (other.divider && other !== item) this.change(other, { divider: null });
    }
    if (item.divider !== kind) this.change(item, { divider: kind });
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
    const last = this.items[this.#endOfSettled() - 1];
    const fits = last?.kind === 'presence' && last.joined.length + last.left.length < MaxNamesInLine;
    const line = fits ? last : this.add({ kind: 'presence', joined: [], left: [] });
    const others = list => list.filter(other => other !== name);
    this.change(line, {
      joined: present ? [...others(line.joined), name] : others(line.joined),
      left: present ? others(line.left) : [...others(line.left), name],
    });
  }

  #make(item) {
    return { id: this.#nextId++, rev: 0, ts: Date.now(), ...item };
  }

  /** Where the lines that wait for an answer begin. */
  #endOfSettled() {
    let at = this.items.length;
    while (at > 0 && this.items[at - 1].state && this.items[at - 1].state !== 'sent') at--;
    return at;
  }

  #placeOf(mseq) {
    if (this.oldest !== null && mseq < this.oldest) return 0;
    let at = this.#endOfSettled();
    for (let i = at - 1; i >= 0; i--) {
      if (this.items[i].mseq > mseq) at = i;
      else if (this.items[i].mseq) break;
    }
    return at;
  }
}
