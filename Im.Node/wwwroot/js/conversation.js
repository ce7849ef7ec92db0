import { Members } from './members.js';
import { isRoom, Lobby, nameOf, peerOf } from './sdk/index.js';
import { Timeline } from './timeline.js';

/** One conversation as the page holds it: an open room, a group, one to one, or the user's own inbox. */
export class Conversation {
  timeline = new Timeline();
  members = new Members();
  draft = '';

  /** The name that the server gives to a group. */
  title = '';

  /** @type {'joining' | 'joined' | 'away' | 'failed'} away: the connection is gone */
  phase = 'joining';

  /** Reply code of a refused join. */
  failure = 0;
  joinedBefore = false;

  /** When the connection was lost, 0 while it is not: what came since then is set off from what was there. */
  awaySince = 0;

  /** Up to where this user has read, and how many messages of others are above that. */
  read = 0;
  unread = 0;

  /** The head up to which `unread` counts. */
  countedTo = 0;

  /** The newest record, as far as it is known without the timeline. */
  preview = null;

  /** History is being read, or could not be. */
  loading = false;

  /** @type {Map<string, { delivered: number, read: number }>} how far the others are */
  receipts = new Map();

  /** @type {Map<string, number>} who is writing, and when that is to be forgotten */
  typing = new Map();

  constructor(conv, self = '') {
    this.conv = conv;
    this.self = self;
  }

  get kind() {
    return this.conv[0];
  }

  get name() {
    return this.peer ?? (this.title || nameOf(this.conv));
  }

  /** The other one, when this is one to one. */
  get peer() {
    return peerOf(this.conv, this.self);
  }

  get isRoom() {
    return isRoom(this.conv);
  }

  get isGroup() {
    return this.kind === 'g';
  }

  get isLobby() {
    return this.conv === Lobby;
  }

  get isWritable() {
    return this.kind !== 'u';
  }

  /** The newest line that somebody wrote. */
  get latest() {
    return this.timeline.items.findLast(item => item.kind === 'text') ?? this.preview;
  }

  get latestAt() {
    return this.latest?.ts ?? 0;
  }
}
