const Fallback = { mode: 'guest', apps: [101, 102, 103, 104], version: '' };
const FetchTimeoutMs = 4_000;

/**
 * @typedef {{ webSocketUrl: string, mode: string, apps: number[], version: string }} Config
 */

/** What the node says about itself. Until it has answered once, the usual port of the same host is taken, and it is asked again. */
export class ConfigSource {
  /** @type {Config} */
  current = { ...Fallback, webSocketUrl: `${location.protocol === 'https:' ? 'wss' : 'ws'}://${location.hostname}:8089/acc` };

  #known = false;

  /** @returns {Promise<Config>} */
  async get() {
    if (this.#known) return this.current;
    try {
      const answer = await fetch('/config.json', { signal: AbortSignal.timeout(FetchTimeoutMs), cache: 'no-store' });
      if (answer.ok) {
        this.current = { ...this.current, ...valid(await answer.json()) };
        this.#known = true;
      }
    } catch {
      // Not reachable now: the caller connects to the fallback and asks again with its next attempt.
    }
    return this.current;
  }
}

function valid({ webSocketUrl, mode, apps, version }) {
  return {
    ...(/^wss?:\/\//.test(webSocketUrl) && { webSocketUrl }),
    ...(typeof mode === 'string' && { mode }),
    ...(Array.isArray(apps) && apps.length > 0 && { apps: apps.map(Number) }),
    ...(typeof version === 'string' && { version }),
  };
}

/**
 * The app and room that the address names; parameter names in any case, an unknown app is the first one.
 * @param {string} search as in `location.search`
 * @param {number[]} apps
 */
export function fromAddress(search, apps) {
  const query = new Map([...new URLSearchParams(search)].map(([name, value]) => [name.toLowerCase(), value]));
  const app = Number(query.get('appid'));
  return { app: apps.includes(app) ? app : apps[0], room: query.get('room') ?? '' };
}
