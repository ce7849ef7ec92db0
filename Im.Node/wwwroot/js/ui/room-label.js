import { t } from '../i18n.js';

/** What people call a conversation. */
export function roomLabel(room) {
  if (room.isLobby) return t('rooms.lobby');
  return room.isRoom ? room.name : room.name || t('rooms.notices');
}
