import { Chat } from './chat.js';
import { ConfigSource, fromAddress } from './config.js';
import { Connection } from './connection.js';
import { language } from './i18n.js';
import { Identity } from './identity.js';
import { ChatStore } from './store.js';
import { drawApps } from './ui/apps.js';
import { Composer } from './ui/composer.js';
import { byId } from './ui/dom.js';
import { Drawers } from './ui/drawers.js';
import { LogView } from './ui/log.js';
import { MembersView } from './ui/members.js';
import { ProfileView } from './ui/profile.js';
import { RoomHeader } from './ui/room-header.js';
import { RoomsView } from './ui/rooms.js';
import { SettingsView } from './ui/settings.js';
import { translateMarkup } from './ui/static-texts.js';
import { StatusView } from './ui/status.js';
import { followKeyboard } from './ui/viewport.js';

translateMarkup();
const config = new ConfigSource();
await config.get();
const { app, room } = fromAddress(location.search, config.current.apps);

const identity = new Identity();
await identity.load(app, language.code);

const store = new ChatStore();
store.rename(identity.name);
const connection = new Connection({
  address: async () => (await config.get()).webSocketUrl,
  login: () => identity.login(app),
});
const chat = new Chat({ app, connection, store });
chat.restoreRooms(room);

const drawers = new Drawers();
const log = new LogView({
  store,
  actions: { retry: item => chat.retry(store.active, item), discard: item => store.discard(store.active, item) },
});
const composer = new Composer({ app, store, chat, onSent: () => log.toNewest() });
const profile = new ProfileView({ store, onRename: rename });
const views = [
  log,
  composer,
  profile,
  new RoomsView({ store, chat, onOpen: showRoom }),
  new MembersView({ store, onMention: mention }),
  new RoomHeader({ app, store, chat }),
  new StatusView({ app, connection, onRename: () => profile.open() }),
  new SettingsView(),
];

function showRoom() {
  drawers.close();
  byId('composer-text').focus();
}

function mention(name) {
  drawers.close();
  composer.mention(name);
}

function rename(name) {
  if (name === identity.name && connection.isOnline) return;
  identity.rename(name);
  store.rename(name);
  for (const each of store.rooms.values()) each.joinedBefore = false;
  connection.restart();
}

function drawSurroundings() {
  drawApps(config.current.apps, app);
  byId('version').textContent = `ImAkka ${config.current.version}`;
}

language.on('change', () => {
  translateMarkup();
  drawSurroundings();
  for (const view of views) (view.redraw ?? view.draw).call(view);
});
addEventListener('online', () => connection.wake());
addEventListener('pageshow', event => event.persisted && connection.wake());
document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && connection.wake());

followKeyboard();
drawSurroundings();
connection.restart();
