import { t } from '../i18n.js';
import { byId, h } from './dom.js';

/** Links to the apps of this node: each is a world of its own, with its own lobby. */
export function drawApps(apps, current) {
  byId('apps').replaceChildren(...apps.map(app => {
    const link = h('a', { class: 'app-link', href: `/home/index?appId=${app}`, title: t('app.name', { app }), 'aria-current': app === current ? 'page' : null },
      h('span', { class: 'sr', text: `${t('app.name', { app: '' }).trim()} ` }), String(app));
    return link;
  }));
}
