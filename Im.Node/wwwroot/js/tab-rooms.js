import { isRoomName } from './sdk/index.js';
import { tab } from './sdk/storage.js';

/** The rooms that this tab is in, over a reload. */
export class TabRooms {
  constructor(app) {
    this.app = app;
  }

  names() {
    try {
      return JSON.parse(tab.get(`im.rooms.${this.app}`) ?? '[]').filter(isRoomName);
    } catch {
      return [];
    }
  }

  keep(names) {
    tab.set(`im.rooms.${this.app}`, JSON.stringify(names));
  }

  /** The conversation that was looked at last. */
  get active() {
    return tab.get(`im.active.${this.app}`) ?? '';
  }

  set active(conv) {
    tab.set(`im.active.${this.app}`, conv);
  }
}
