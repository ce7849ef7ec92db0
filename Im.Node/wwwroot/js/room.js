import { Members } from './members.js';
import { isRoom, Lobby, nameOf } from './protocol.js';
import { Sequence } from './sequence.js';
import { Timeline } from './timeline.js';

/** One conversation as the page holds it. Only rooms can be written to; anything else is what the server chose to push. */
export class Room {
  timeline = new Timeline();
  members = new Members();
  unread = 0;
  draft = '';

  /** @type {'joining' | 'joined' | 'away' | 'failed'} away: the connection is gone */
  phase = 'joining';

  /** Reply code of a refused join. */
  failure = 0;
  joinedBefore = false;

  /** When the connection was lost while in this room, 0 while it is not. */
  awaySince = 0;

  /**
   * @param {string} conv
   * @param {{ deliver: (room: Room, record: any) => void, gap: (room: Room) => void }} hooks
   */
  constructor(conv, { deliver, gap }) {
    this.conv = conv;
    this.sequence = new Sequence({ deliver: record => deliver(this, record), gap: () => gap(this) });
  }

  get name() {
    return nameOf(this.conv);
  }

  get isRoom() {
    return isRoom(this.conv);
  }

  get isLobby() {
    return this.conv === Lobby;
  }

  /** The newest line that somebody wrote. */
  get latest() {
    return this.timeline.items.findLast(item => item.kind === 'text') ?? null;
  }
}
