/**
 * What a record is on the page: a line, a change of another line, or news of a group.
 * @param {import('./sdk/core/track.js').ImRecord} record
 * @param {string} self
 * @returns {{ line?: object, changes?: { mseq: number, at: number }, event?: object }}
 */
export function lineOf(record, self) {
  const { type, from, msg, mseq, cid, ts, ext, edited, recalled } = record;
  const own = from === self;
  if (type !== 'event') {
    const text = recalled ? '' : textOf(type, String(msg ?? ''));
    return { line: { kind: 'text', mseq, from: String(from ?? 'system'), own, text, cid, state: 'sent', ...(ts > 0 && { ts }), ...(edited && { edited }), ...(recalled && { recalled }) } };
  }
  const op = ext?.op;
  if (op === 'edit') return { changes: { mseq: ext.mseq, at: mseq, text: String(msg ?? ''), edited: mseq } };
  if (op === 'recall') return { changes: { mseq: ext.mseq, at: mseq, text: '', recalled: true } };
  if (!['create', 'add', 'remove', 'leave', 'role'].includes(op)) return {};
  return { line: { kind: 'event', mseq, from: String(from ?? ''), own, ext, ...(ts > 0 && { ts }) }, event: ext };
}

/** A type that this page has no view for is said by its name. */
function textOf(type, msg) {
  return !type || type === 'text' ? msg : `[${type}] ${msg}`.trim();
}
