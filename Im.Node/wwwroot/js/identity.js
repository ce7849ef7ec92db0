import { fetchMembers } from './members.js';
import { randomName } from './names.js';
import { claimDevice, isUserName, Lobby } from './sdk/index.js';
import { tab } from './sdk/storage.js';

const ListWaitMs = 600;

/** Who this tab is: the device it logs in from, and in guest mode a name that survives a reload. */
export class Identity {
  name = '';
  device = '';

  /** The tab's part of the device: whose messages wait in the outbox. */
  tab = '';
  duplicated = false;

  async claim() {
    const { id, tab: suffix, duplicated } = await claimDevice();
    Object.assign(this, { device: id, tab: suffix, duplicated });
  }

  /**
   * @param {number} app
   * @param {'en' | 'zh'} language of a name that has to be made up
   */
  async beGuest(app, language) {
    const kept = tab.get('im.name');
    if (kept && isUserName(kept) && !this.duplicated) this.name = kept;
    else this.rename(randomName(language, await namesInUse(app)));
  }

  rename(name) {
    this.name = name;
    tab.set('im.name', name);
  }
}

/** Two guests of one name would look like one person; a server that is slow to say who is here does not hold up the login. */
async function namesInUse(app) {
  const late = new Promise(resolve => setTimeout(resolve, ListWaitMs, { names: [] }));
  const { names } = await Promise.race([fetchMembers(app, Lobby), late]).catch(() => ({ names: [] }));
  return new Set(names);
}
