import { installation, tab } from './storage.js';

const Alphabet = 'abcdefghijklmnopqrstuvwxyz0123456789';

/** Letters and digits from the browser's secure source; `crypto.randomUUID` is missing on plain http hosts. */
export function randomId(length) {
  return Array.from(crypto.getRandomValues(new Uint8Array(length)), byte => Alphabet[byte % Alphabet.length]).join('');
}

/**
 * The device of this tab: the installation's id and a suffix that a Web Lock guards while the tab lives. A duplicated tab
 * comes with a copy of the suffix, finds the lock taken and becomes a device, and a guest, of its own.
 * @returns {Promise<{ id: string, duplicated: boolean }>}
 */
export async function claimDevice() {
  let installed = installation.get('im.installation');
  if (!installed) installation.set('im.installation', installed = randomId(16));
  const kept = tab.get('im.tab');
  if (kept && await hold(`im.tab.${kept}`)) return { id: `w.${installed}.${kept}`, duplicated: false };
  const fresh = randomId(8);
  tab.set('im.tab', fresh);
  await hold(`im.tab.${fresh}`);
  return { id: `w.${installed}.${fresh}`, duplicated: kept !== null };
}

/** A login number that grows per device, so that of two logins the server can tell the later. */
export function nextTry() {
  const next = (Number(tab.get('im.try')) || 0) + 1;
  tab.set('im.try', String(next));
  return next;
}

/** @returns {Promise<boolean>} true once held; a page that is just being unloaded gets 300 ms to let go */
function hold(name) {
  if (!navigator.locks) return Promise.resolve(false);
  return new Promise(resolve => {
    navigator.locks
      .request(name, { signal: AbortSignal.timeout(300) }, () => {
        resolve(true);
        return new Promise(() => {});
      })
      .catch(() => resolve(false));
  });
}
