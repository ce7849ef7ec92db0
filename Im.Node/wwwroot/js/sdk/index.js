/** The chat client of ImAkka, for browsers and Node. See docs/javascript.md. */
export { ImClient } from './client.js';
export { claimDevice, lockOf, nextTry } from './device.js';
export { IndexedDbKeeper } from './indexed-db-keeper.js';
export { isRoom, isRoomName, isUserName, Lobby, nameOf, oneToOne, peerOf, Reply, utf8Length } from './protocol.js';
export { randomId } from './random.js';
export { RequestError } from './requests.js';
export { MemoryKeeper } from './sending.js';
