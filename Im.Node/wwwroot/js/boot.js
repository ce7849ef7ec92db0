// Runs before the first paint: the chosen appearance and language, so that nothing flashes.
(() => {
  const root = document.documentElement;
  const kept = key => {
    try {
      return localStorage.getItem(key);
    } catch {
      return null;
    }
  };
  const theme = kept('im.theme');
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
  const language = kept('im.lang') ?? navigator.languages.find(tag => /^(en|zh)\b/i.test(tag)) ?? 'en';
  root.lang = language.startsWith('zh') ? 'zh-CN' : 'en';
})();
