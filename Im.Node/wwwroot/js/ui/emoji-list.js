export const EmojiGroups = [
  ['emoji.smileys', '😀😄😁😅😂🤣🙂😉😊😇🥰😍😘😋😜🤪🤔🤗🤭🤫😐😏🙄😬😴😌🥳😎🤓🥺😢😭😤😱🤯🥶🤢🤠'],
  ['emoji.gestures', '👍👎👌🤞🤟🤘👋🙌👏🙏💪🤝👀🫶💃🕺🏃🙋🤷🙇'],
  ['emoji.nature', '🌱🌸🌻🍀🌲⛰️🌊🔥🌈☀️🌙⭐❄️☔🍎🍉🍜🍚🥟🍕🍰☕🍵🍺'],
  ['emoji.things', '❤️🧡💛💚💙💜🖤💯✅❌❓❗💡🎉🎁🎵⚽🎮📷💻📌⏰🚀✈️'],
];
