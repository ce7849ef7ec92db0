import { Chat } from './chat.js';
import { ConfigSource, fromAddress } from './config.js';
import { language } from './i18n.js';
import { Identity } from './identity.js';
import { ImClient, IndexedDbKeeper, nextTry } from './sdk/index.js';
import { SessionToken, subjectOf } from './session-token.js';
import { ChatStore } from './store.js';
import { drawApps } from './ui/apps.js';
import { byId } from './ui/dom.js';
import { SignInView } from './ui/sign-in.js';
import { translateMarkup } from './ui/static-texts.js';
import { followKeyboard } from './ui/viewport.js';
import { createViews } from './ui/views.js';

const token = new SessionToken({ onChange: () => location.reload() });
translateMarkup();
followKeyboard();
const config = new ConfigSource();
await config.get();
const { app, room } = fromAddress(location.search, config.current.apps);
const guests = config.current.mode !== 'jwt';

const identity = new Identity();
await identity.claim();
const signIn = new SignInView();
if (guests) await identity.beGuest(app, language.code);
else identity.name = await signedInUser();

const store = new ChatStore(identity.name);
const client = new ImClient({
  url: async () => (await config.get()).webSocketUrl,
  app,
  ...(guests ? { user: identity.name } : { token: reason => token.ask(reason) }),
  device: identity.device,
  nextTry,
  keeper: new IndexedDbKeeper({ owner: `${app}/${identity.name}`, tab: identity.tab }),
});
const chat = new Chat({ app, client, store, open: guests });
const views = createViews({ app, store, chat, guests, onRename: rename, onSignIn: signInAnew });
chat.restore(room);

/** Another name is another guest: everything begins anew. */
function rename(name) {
  if (name === identity.name && client.isOnline) return;
  identity.rename(name);
  location.reload();
}

async function signedInUser() {
  while (!token.current && !await token.ask('login')) token.use(await signIn.ask());
  return subjectOf(token.current);
}

async function signInAnew() {
  token.use(await signIn.ask());
  location.reload();
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
addEventListener('online', () => client.wake());
addEventListener('pageshow', event => event.persisted && client.wake());
document.addEventListener('visibilitychange', () => document.visibilityState === 'visible' && client.wake());

drawSurroundings();
client.connect();
