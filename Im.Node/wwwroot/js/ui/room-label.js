import { t } from '../i18n.js';

/** What people call a conversation. */
export function roomLabel(room) {
  if (room.isLobby) return t('rooms.lobby');
  return room.kind === 'u' ? t('rooms.notices') : room.name;
}

/** The same for the place where one writes: rooms are marked as such. */
export function placeLabel(room) {
  return `${room.isRoom ? '#' : ''}${roomLabel(room)}`;
}
