import { claimDevice, nextTry } from './device.js';
import { fetchMembers } from './members.js';
import { randomName } from './names.js';
import { isUserName, Lobby } from './protocol.js';
import { tab } from './storage.js';

const ListWaitMs = 600;

/** Who this tab is: a guest's name that survives a reload, and the device it logs in from. */
export class Identity {
  name = '';
  device = '';

  /**
   * @param {number} app
   * @param {'en' | 'zh'} language of a name that has to be made up
   */
  async load(app, language) {
    const { id, duplicated } = await claimDevice();
    this.device = id;
    const kept = tab.get('im.name');
    if (kept && isUserName(kept) && !duplicated) this.name = kept;
    else this.rename(randomName(language, await namesInUse(app)));
  }

  rename(name) {
    this.name = name;
    tab.set('im.name', name);
  }

  /** @returns {object} the data of a login command */
  login(app) {
    return { v: 2, appId: app, userId: this.name, device: this.device, platform: 'web', try: nextTry() };
  }
}

/** Two guests of one name would look like one person; a server that is slow to say who is here does not hold up the login. */
async function namesInUse(app) {
  const late = new Promise(resolve => setTimeout(resolve, ListWaitMs, { names: [] }));
  const { names } = await Promise.race([fetchMembers(app, Lobby), late]).catch(() => ({ names: [] }));
  return new Set(names);
}
