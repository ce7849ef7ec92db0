import { randomId } from './random.js';
import { installation, tab } from './storage.js';

/**
 * The device of this tab: the installation's id and a suffix that a Web Lock guards while the tab lives. A duplicated tab
 * comes with a copy of the suffix, finds the lock taken and becomes a device, and a guest, of its own.
 * @returns {Promise<{ id: string, tab: string, duplicated: boolean }>}
 */
export async function claimDevice() {
  let installed = installation.get('im.installation');
  if (!installed) installation.set('im.installation', installed = randomId(16));
  const kept = tab.get('im.tab');
  if (kept && await hold(lockOf(kept))) return { id: `w.${installed}.${kept}`, tab: kept, duplicated: false };
  const fresh = randomId(8);
  tab.set('im.tab', fresh);
  await hold(lockOf(fresh));
  return { id: `w.${installed}.${fresh}`, tab: fresh, duplicated: kept !== null };
}

/** The name of the lock that a tab holds while it lives: over its device, and over the messages it has not sent yet. */
export function lockOf(suffix) {
  return `im.tab.${suffix}`;
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
