import { Composer } from './composer.js';
import { byId } from './dom.js';
import { Drawers } from './drawers.js';
import { GroupDialog } from './group-dialog.js';
import { LogView } from './log.js';
import { MembersView } from './members.js';
import { ProfileView } from './profile.js';
import { RoomHeader } from './room-header.js';
import { RoomsView } from './rooms.js';
import { SettingsView } from './settings.js';
import { StatusView } from './status.js';
import { TypingView } from './typing.js';
import { Watched } from './watched.js';

/**
 * All views of the page, joined to what they do.
 * @param {{ app: number, store: import('../store.js').ChatStore, chat: import('../chat.js').Chat, guests: boolean, onRename: (name: string) => void, onSignIn: () => void }} parts
 * @returns {{ draw?: () => void, redraw?: () => void }[]}
 */
export function createViews({ app, store, chat, guests, onRename, onSignIn }) {
  const drawers = new Drawers();
  const write = () => {
    drawers.close();
    byId('composer-text').focus();
  };
  const composer = new Composer({ app, store, chat, onSent: () => log.toNewest() });
  const log = new LogView({
    store,
    onTop: () => chat.loadOlder(store.active),
    actions: {
      retry: item => chat.retry(item),
      discard: item => chat.discard(store.active, item),
      edit: item => composer.edit(item),
      recall: item => chat.recall(store.active, item).catch(error => composer.complain(error)),
      receipts: (item, isLast) => chat.receiptsOf(store.active, item, isLast),
    },
  });
  const group = new GroupDialog({ store, chat, onDone: write });
  const profile = new ProfileView({ store, guests, onRename, onSignIn });
  const talk = name => {
    chat.talkTo(name);
    write();
  };
  const mention = name => {
    drawers.close();
    composer.mention(name);
  };
  new Watched({ store, chat });
  return [
    log,
    composer,
    profile,
    group,
    new RoomsView({ store, chat, onOpen: write, onNewGroup: () => group.create() }),
    new MembersView({ store, onTalk: talk, onMention: mention, onAdd: () => group.add(store.active) }),
    new RoomHeader({ app, store, chat }),
    new StatusView({ app, client: chat.client, onRename: () => profile.open(), onSignIn }),
    new TypingView({ store }),
    new SettingsView(),
  ];
}
