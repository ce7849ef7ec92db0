import { tab } from './sdk/storage.js';

const Key = 'im.token';
const AskMs = 5_000;

/** The user that a token names; read for what the page shows, never trusted: the server checks it. */
export function subjectOf(token) {
  try {
    const payload = token.split('.')[1].replaceAll('-', '+').replaceAll('_', '/');
    const bytes = Uint8Array.from(atob(payload), char => char.charCodeAt(0));
    const { sub } = JSON.parse(new TextDecoder().decode(bytes));
    return typeof sub === 'string' ? sub : '';
  } catch {
    return '';
  }
}

/**
 * Where the page's token comes from: the address (`#token=…`, removed at once), what was pasted, or a page that embeds this one. An embedding
 * page gets `{type:'im.token.wanted', reason}` and answers `{type:'im.token', token}`; which pages may embed is the server's say. A token lives as long as the tab.
 */
export class SessionToken {
  /** @type {string | null} */
  current = tab.get(Key);

  /** Takes a token out of the address, also one that is put there later. */
  constructor({ onChange }) {
    this.onChange = onChange;
    this.#takeFromAddress();
    addEventListener('hashchange', () => this.#takeFromAddress() && this.onChange());
  }

  use(token) {
    this.current = token.trim();
    tab.set(Key, this.current);
  }

  forget() {
    this.current = null;
    tab.remove(Key);
  }

  /** @param {'login' | 'expiring' | 'refused'} reason @returns {Promise<string | null>} null when there is no other */
  async ask(reason) {
    if (reason === 'login' && this.current) return this.current;
    const fresh = await askEmbedder(reason);
    if (fresh) this.use(fresh);
    return fresh;
  }

  #takeFromAddress() {
    const token = new URLSearchParams(location.hash.slice(1)).get('token');
    if (!token) return false;
    history.replaceState(history.state, '', location.pathname + location.search);
    this.use(token);
    return true;
  }
}

/** @returns {Promise<string | null>} */
function askEmbedder(reason) {
  if (window.parent === window) return Promise.resolve(null);
  return new Promise(resolve => {
    const done = token => {
      removeEventListener('message', onMessage);
      clearTimeout(timer);
      resolve(token);
    };
    const onMessage = ({ source, data }) => {
      if (source === window.parent && data?.type === 'im.token' && typeof data.token === 'string') done(data.token);
    };
    const timer = setTimeout(done, AskMs, null);
    addEventListener('message', onMessage);
    // The question says nothing that anybody could not know, so it may go to whatever page embeds this one.
    window.parent.postMessage({ type: 'im.token.wanted', reason }, '*');
  });
}
